import { ApiError } from './api-error.ts';
import { useErrorText } from './error-text.ts';

interface FormErrors {
  /** What is wrong with a field. */
  readonly at: (field: string) => string | undefined;
  /** What is wrong with none of the fields that the form has. */
  readonly elsewhere: string | undefined;
}

/** @param fields that the form shows, as the server names them. */
export function useFormErrors(error: unknown, fields: readonly string[]): FormErrors {
  const errorText = useErrorText();
  if (error === null || error === undefined) return { at: () => undefined, elsewhere: undefined };
  const wrong = error instanceof ApiError && fields.find((field) => field === error.field);
  const message = errorText(error);
  return {
    at: (field) => (field === wrong ? message : undefined),
    elsewhere: wrong === undefined || wrong === false ? message : undefined,
  };
}
