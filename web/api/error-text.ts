import { useText } from '../text/text-provider.tsx';
import { ApiError } from './api-error.ts';

/** @returns what tells a person of an error. */
export function useErrorText(): (error: unknown) => string {
  const text = useText('app');
  return (error) => {
    if (error instanceof ApiError) {
      if (error.kind === 'unreachable') return text.errors.unreachable;
      if (error.kind === 'forbidden') return text.errors.forbidden;
    }
    return error instanceof Error ? error.message : String(error);
  };
}
