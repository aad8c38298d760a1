import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { askBeforeLeaving } from './ask-before-leaving.ts';

/** While it is there, going to another page is asked about; the browser asks before it closes or loads the app again. */
export function LeavingQuestion(): ReactNode {
  const [leave, setLeave] = useState<() => void>();
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', hold);
    return () => removeEventListener('beforeunload', hold);
  }, []);
  useEffect(() => {
    // Firefox before 147 and Safari before 26.2.
    if (!('navigation' in window)) return undefined;
    const { navigation, history } = window;
    const path = (): string => location.pathname;
    return askBeforeLeaving({ navigation, history, path, ask: (goOn) => setLeave(() => goOn) });
  }, []);
  const stay = (): void => setLeave(undefined);
  return (
    <LeaveDialog
      isOpen={leave !== undefined}
      onLeave={() => {
        stay();
        leave?.();
      }}
      onStay={stay}
    />
  );
}

interface LeaveDialogProps {
  readonly isOpen: boolean;
  readonly onLeave: () => void;
  readonly onStay: () => void;
}

/** Asks whether what is not saved may be lost. */
export function LeaveDialog({ isOpen, onLeave, onStay }: LeaveDialogProps): ReactNode {
  const text = useText('settings');
  return (
    <ConfirmDialog
      title={text.leave}
      description={text.leaveHint}
      action={text.leaveAnyway}
      isOpen={isOpen}
      onConfirm={onLeave}
      onClose={onStay}
    />
  );
}
