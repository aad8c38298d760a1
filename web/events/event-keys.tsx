import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { KeysDialog } from '../ui/keys-dialog.tsx';

const KEYS = [
  ['move', ['J', 'K', '←', '→']],
  ['rows', ['↑', '↓']],
  ['ends', ['Home', 'End']],
  ['open', ['Enter']],
  ['play', ['Space']],
  ['seen', ['S']],
  ['keep', ['X']],
  ['delete', ['D']],
  ['select', ['V']],
  ['note', ['N']],
  ['allSeen', ['A']],
  ['download', ['C']],
  ['timeline', ['T']],
  ['escape', ['Esc']],
  ['help', ['?']],
] as const;

interface EventKeysProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function EventKeys({ isOpen, onClose }: EventKeysProps): ReactNode {
  const { keyNames } = useText('events');
  return (
    <KeysDialog keys={KEYS.map(([name, keys]) => [keyNames[name], keys])} isOpen={isOpen} onClose={onClose} />
  );
}
