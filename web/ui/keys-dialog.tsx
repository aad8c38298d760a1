import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Dialog } from './dialog.tsx';

interface KeysDialogProps {
  /** What keys do, and which. */
  readonly keys: readonly (readonly [meaning: string, keys: readonly string[]])[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Tells the keys of a page. */
export function KeysDialog({ keys, isOpen, onClose }: KeysDialogProps): ReactNode {
  const text = useText('ui');
  return (
    <Dialog title={text.keys} isOpen={isOpen} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 pb-4">
        {keys.map(([meaning, names]) => (
          <div key={meaning} className="contents">
            <dt className="flex gap-1">
              {names.map((name) => (
                <kbd
                  key={name}
                  className="rounded-sm border border-line bg-raised px-1.5 py-0.5 font-mono text-xs"
                >
                  {name}
                </kbd>
              ))}
            </dt>
            <dd className="text-muted">{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
