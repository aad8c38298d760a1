import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { createContext, use, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { classNames } from './class-names.ts';
import { ToastStore } from './toast-store.ts';

const SHOWN_MS = 5_000;

const StoreContext = createContext<ToastStore | undefined>(undefined);

/** Shows toasts above its children. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const text = useText('ui');
  const [store] = useState(() => new ToastStore());
  const toasts = useSyncExternalStore(store.subscribe, store.get);
  return (
    <StoreContext value={store}>
      <Radix.Provider duration={SHOWN_MS}>
        {children}
        {toasts.map((toast) => (
          <Radix.Root
            key={toast.id}
            type={toast.tone === 'error' ? 'foreground' : 'background'}
            onOpenChange={(isOpen) => !isOpen && store.dismiss(toast.id)}
            className={classNames(
              'appear flex items-start gap-2 rounded-lg border bg-raised py-2.5 pr-2 pl-4 shadow-raised',
              toast.tone === 'error' ? 'border-danger' : 'border-line',
            )}
          >
            <Radix.Description className="min-w-0 grow py-0.5 wrap-anywhere">
              {toast.message}
            </Radix.Description>
            <Radix.Close
              aria-label={text.dismiss}
              className="rounded-md p-1 text-muted hover:bg-hover hover:text-text"
            >
              <X aria-hidden="true" className="size-4" />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed right-0 bottom-16 z-50 flex w-96 max-w-full flex-col gap-2 p-4 outline-none sm:bottom-0" />
      </Radix.Provider>
    </StoreContext>
  );
}

/** @returns what shows a toast. */
export function useToast(): ToastStore['show'] {
  const store = use(StoreContext);
  if (store === undefined) throw new Error('A toast was asked for outside of ToastProvider.');
  return store.show;
}
