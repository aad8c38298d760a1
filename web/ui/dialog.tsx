import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useRef, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { classNames } from './class-names.ts';
import { IconButton } from './icon-button.tsx';

interface DialogProps {
  readonly title: string;
  /** What it is about, read out when it opens. */
  readonly description?: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Enter was pressed, and on nothing within. */
  readonly onEnter?: () => void;
  readonly size?: 'narrow' | 'wide';
  /** Its buttons, the one to press last. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** In the middle on a desktop, from below on a phone. Escape and a press beside it close it; what had the focus has it again then. */
export function Dialog({
  title,
  description,
  isOpen,
  onClose,
  onEnter,
  size = 'narrow',
  actions,
  children,
}: DialogProps): ReactNode {
  const text = useText('ui');
  const opener = useRef<Element>(null);
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/55" />
        <Radix.Content
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            focusContent(event);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.repeat && event.target === event.currentTarget) onEnter?.();
          }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={classNames(
            'appear fixed z-40 flex max-h-[92dvh] w-full flex-col border border-line bg-surface shadow-raised outline-none',
            'inset-x-0 bottom-0 rounded-t-xl pb-[env(safe-area-inset-bottom)]',
            'sm:inset-auto sm:top-1/2 sm:left-1/2 sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-xl sm:pb-0',
            size === 'wide' ? 'sm:max-w-4xl' : 'sm:max-w-md',
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <div className="min-w-0">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-muted">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton icon={X} label={text.close} side="left" className="-mt-1.5 -mr-2" />
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 py-2">{children}</div>
          {actions !== undefined && (
            <footer className="flex justify-end gap-2 px-5 pt-2 pb-4">{actions}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Of the content, what is to be filled in; else the dialog itself: its first element is the cross. A keyboard on a touch screen waits. */
function focusContent(event: Event): void {
  event.preventDefault();
  // Radix calls back with the dialog.
  const dialog = event.target as HTMLElement;
  const field = matchMedia('(pointer: coarse)').matches
    ? null
    : dialog.querySelector<HTMLElement>('input, textarea');
  (field ?? dialog).focus();
}
