import type { SettingsAnswer, SettingsEdit } from '../../src/http/api/settings.ts';
import { useUnsaved, type Held } from './held-part.tsx';
import { useChangeSettings } from './settings-api.ts';

interface SavingOptions<Part> {
  readonly settings: SettingsAnswer;
  readonly held: Held<Part>;
  /** What the form changes. */
  readonly edits: readonly SettingsEdit[];
}

export interface Saving {
  /** @param onSaved the form begins anew after it. */
  readonly save: (onSaved: () => void) => void;
  readonly isSaving: boolean;
  readonly isUnsaved: boolean;
  /** What the form is about is another one by now. */
  readonly isOvertaken: boolean;
  /** Why the changes were refused. */
  readonly error: Error | null;
  /** Forgets why, since they are others now, or none. */
  readonly forgive: () => void;
}

/** What saves a form of the configuration. */
export function useSaving<Part>({ settings, held, edits }: SavingOptions<Part>): Saving {
  const changing = useChangeSettings();
  const isUnsaved = edits.length > 0;
  useUnsaved(held, isUnsaved);
  const save = (onSaved: () => void): void =>
    changing.mutate(
      { version: settings.version, edits },
      {
        onSuccess() {
          onSaved();
          held.setUnsaved(false);
        },
      },
    );
  return {
    save,
    isSaving: changing.isPending,
    isUnsaved,
    isOvertaken: held.isOvertaken && !changing.isPending,
    error: changing.error,
    forgive: changing.reset,
  };
}
