import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Dialog } from '../ui/dialog.tsx';

const KEYS = [
  ['space', ['Space']],
  ['arrows', ['←', '→']],
  ['zoom', ['+', '−']],
  ['page', ['Page ↑', 'Page ↓']],
  ['frames', [',', '.']],
  ['events', ['N', 'P']],
  ['speed', ['<', '>']],
  ['home', ['Home']],
  ['end', ['End']],
  ['marks', ['I', 'O']],
  ['mute', ['M']],
  ['snapshot', ['S']],
  ['fullScreen', ['F']],
  ['escape', ['Esc']],
  ['help', ['?']],
] as const;

interface KeysDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function KeysDialog({ isOpen, onClose }: KeysDialogProps): ReactNode {
  const text = useText('timeline');
  return (
    <Dialog title={text.keys} isOpen={isOpen} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 pb-4">
        {KEYS.map(([name, keys]) => (
          <div key={name} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded-sm border border-line bg-raised px-1.5 py-0.5 font-mono text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-muted">{text.keyNames[name]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
