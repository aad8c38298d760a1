import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { OvertakenNote } from './held-part.tsx';

interface SaveBarProps {
  /** What is wrong with none of the form's fields. */
  readonly problem: string | undefined;
  readonly isOvertaken: boolean;
  readonly isSaving: boolean;
  readonly isUnsaved: boolean;
  /** What keeps it from being saved yet. */
  readonly isBlocked?: boolean;
  readonly onDiscard: () => void;
}

/** Below a form of the configuration: what there is to tell of all of it, and what saves or discards it. */
export function SaveBar({ isBlocked = false, ...props }: SaveBarProps): ReactNode {
  const { problem, isOvertaken, isSaving, isUnsaved, onDiscard } = props;
  const text = useText('settings');
  return (
    <>
      {isOvertaken && !isSaving && <OvertakenNote />}
      {problem !== undefined && (
        <p role="alert" className="mb-3 text-danger wrap-anywhere">
          {problem}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" look="primary" isBusy={isSaving} disabled={!isUnsaved || isBlocked}>
          {text.save}
        </Button>
        <Button disabled={!isUnsaved} onClick={onDiscard}>
          {text.discard}
        </Button>
      </div>
    </>
  );
}
