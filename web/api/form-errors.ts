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
  const wrong = error instanceof ApiError ? fieldOf(error.field, fields) : undefined;
  const message = errorText(error);
  return {
    at: (field) => (field === wrong ? message : undefined),
    elsewhere: wrong === undefined ? message : undefined,
  };
}

/** The one among a form's fields that the server means: of a list it names the member (`web.trustedProxies.1`), which is in one field. */
export function fieldOf(named: string | undefined, fields: readonly string[]): string | undefined {
  const list = named?.replace(/\.\d+$/, '');
  return fields.find((field) => field === named) ?? fields.find((field) => field === list);
}
