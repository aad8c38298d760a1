import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface FormDialogProps {
  readonly title: string;
  /** What the button does, as a verb. */
  readonly action: string;
  readonly isBusy: boolean;
  /** What is wrong with none of the fields. */
  readonly error: string | undefined;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Something to fill in and send; Enter sends it. */
export function FormDialog({
  title,
  action,
  isBusy,
  error,
  onSubmit,
  onClose,
  children,
}: FormDialogProps): ReactNode {
  const text = useText('ui');
  return (
    <Dialog isOpen title={title} onClose={onClose}>
      <form
        className="flex flex-col gap-4 pb-2"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {error !== undefined && (
          <p role="alert" className="text-danger">
            {error}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.cancel}</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
