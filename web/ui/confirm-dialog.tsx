import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** What will be gone or changed. */
  readonly description: ReactNode;
  /** What the button does, as a verb. */
  readonly action: string;
  readonly isOpen: boolean;
  readonly isBusy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before what cannot be undone. Enter says yes. */
export function ConfirmDialog({
  title,
  description,
  action,
  isOpen,
  isBusy = false,
  onConfirm,
  onClose,
}: ConfirmDialogProps): ReactNode {
  const text = useText('ui');
  return (
    <Dialog
      title={title}
      description={description}
      isOpen={isOpen}
      onClose={onClose}
      onEnter={onConfirm}
      actions={
        <>
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button look="danger" isBusy={isBusy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    />
  );
}
