import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { KeysDialog } from '../ui/keys-dialog.tsx';

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
  ['span', ['E']],
  ['marks', ['I', 'O']],
  ['mute', ['M']],
  ['snapshot', ['S']],
  ['fullScreen', ['F']],
  ['escape', ['Esc']],
  ['help', ['?']],
] as const;

interface TimelineKeysProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function TimelineKeys({ isOpen, onClose }: TimelineKeysProps): ReactNode {
  const { keyNames } = useText('timeline');
  return (
    <KeysDialog keys={KEYS.map(([name, keys]) => [keyNames[name], keys])} isOpen={isOpen} onClose={onClose} />
  );
}
