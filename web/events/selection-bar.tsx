import { Bookmark, BookmarkX, CheckCheck, Eye, Trash2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { IconButton } from '../ui/icon-button.tsx';

interface SelectionBarProps {
  readonly count: number;
  readonly mayChange: boolean;
  readonly onAll: () => void;
  readonly onSeen: () => void;
  readonly onKeep: (isKept: boolean) => void;
  readonly onDelete: () => void;
  readonly onClear: () => void;
}

/** What can be done with the events that are selected. */
export function SelectionBar(props: SelectionBarProps): ReactNode {
  const { count, mayChange, onAll, onSeen, onKeep, onDelete, onClear } = props;
  const text = useText('events');
  return (
    <div
      role="toolbar"
      aria-label={text.select}
      className="flex shrink-0 items-center gap-1 bg-accent-soft px-3"
    >
      <IconButton icon={X} label={text.clearSelection} side="bottom" onClick={onClear} />
      <span role="status" className="grow truncate tabular-nums">
        {text.selected(count)}
      </span>
      <IconButton icon={CheckCheck} label={text.selectAll} side="bottom" onClick={onAll} />
      <IconButton icon={Eye} label={text.markSeen} side="bottom" onClick={onSeen} />
      {mayChange && (
        <>
          <IconButton icon={Bookmark} label={text.keep} side="bottom" onClick={() => onKeep(true)} />
          <IconButton icon={BookmarkX} label={text.unkeep} side="bottom" onClick={() => onKeep(false)} />
          <IconButton icon={Trash2} label={text.delete} side="bottom" onClick={onDelete} />
        </>
      )}
    </div>
  );
}
