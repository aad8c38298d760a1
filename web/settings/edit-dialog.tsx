import { useState, type ComponentProps, type ReactNode } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { LeaveDialog, LeavingQuestion } from './leaving-question.tsx';

interface EditDialogProps extends ComponentProps<typeof Dialog> {
  /** Something in it is not saved: closing it is asked about, as going to another page is. */
  readonly isUnsaved: boolean;
}

/** A dialog that changes settings. */
export function EditDialog({ isUnsaved, onClose, ...dialog }: EditDialogProps): ReactNode {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Dialog {...dialog} onClose={isUnsaved ? () => setAsking(true) : onClose} />
      {isUnsaved && <LeavingQuestion />}
      <LeaveDialog isOpen={isAsking} onLeave={onClose} onStay={() => setAsking(false)} />
    </>
  );
}
