import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useErrorText } from '../api/error-text.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { useToast } from '../ui/toasts.tsx';

interface ConfirmedActionProps {
  readonly title: string;
  readonly description: string;
  readonly action: string;
  readonly act: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks, does it, and closes; a failure is told and the question stays. */
export function ConfirmedAction({
  title,
  description,
  action,
  act,
  onDone,
  onClose,
}: ConfirmedActionProps): ReactNode {
  const toast = useToast();
  const errorText = useErrorText();
  const { mutate, isPending } = useMutation({
    mutationFn: act,
    onSuccess: () => {
      onDone();
      onClose();
    },
    onError: (error) => toast(errorText(error), 'error'),
  });
  return (
    <ConfirmDialog
      isOpen
      title={title}
      description={description}
      action={action}
      isBusy={isPending}
      onConfirm={() => mutate()}
      onClose={onClose}
    />
  );
}
