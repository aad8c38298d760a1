import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { OvertakenNote } from './held-part.tsx';
import type { Saving } from './use-saving.ts';

interface SaveBarProps {
  /** What is wrong with none of the form's fields. */
  readonly problem: string | undefined;
  readonly saving: Saving;
  /** What keeps it from being saved yet. */
  readonly isBlocked?: boolean;
  readonly onDiscard: () => void;
}

/** Below a form of the configuration: what there is to tell of all of it, and what saves or discards it. */
export function SaveBar({ problem, saving, isBlocked = false, onDiscard }: SaveBarProps): ReactNode {
  const { isOvertaken, isSaving, isUnsaved } = saving;
  const text = useText('settings');
  const discard = (): void => {
    saving.forgive();
    onDiscard();
  };
  return (
    <>
      {isOvertaken && <OvertakenNote />}
      {problem !== undefined && (
        <p role="alert" className="mb-3 text-danger wrap-anywhere">
          {problem}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" look="primary" isBusy={isSaving} disabled={!isUnsaved || isBlocked}>
          {text.save}
        </Button>
        <Button disabled={!isUnsaved} onClick={discard}>
          {text.discard}
        </Button>
      </div>
    </>
  );
}
