import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import type { LogLine } from '../../src/http/api/logs.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';

const ESTIMATED_PX = 32;
/** Older lines are asked for when so many are left. */
const LINES_AHEAD = 30;
/** From then on one looks at older lines: what is new would push them away. */
const AWAY_PX = 24;

const TONES = {
  debug: 'text-faint',
  info: 'text-muted',
  warn: 'text-warning',
  error: 'text-danger',
} as const;

interface LogListProps {
  readonly lines: readonly LogLine[];
  readonly isWhole: boolean;
  readonly isLoadingMore: boolean;
  /** Older lines could not be had: they are not asked for again by themselves. */
  readonly hasFailed: boolean;
  readonly onEnd: () => void;
  /** Whether the newest line is in sight. */
  readonly onTop: (isAtTop: boolean) => void;
}

/** Lines of the log, the newest first. Only those in sight are there. */
export function LogList(props: LogListProps): ReactNode {
  const { lines, isWhole, isLoadingMore, hasFailed, onEnd, onTop } = props;
  const text = useText('logs');
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- none of its functions is handed to what is memoized.
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATED_PX,
    getItemKey: (index) => lines[index]?.place ?? index,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const isNearEnd = !isWhole && !isLoadingMore && (items.at(-1)?.index ?? 0) >= lines.length - LINES_AHEAD;
  useEffect(() => {
    if (isNearEnd && !hasFailed) onEnd();
  }, [isNearEnd, hasFailed, onEnd, lines]);
  return (
    <div
      ref={scroller}
      role="region"
      aria-label={text.lines}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it can be scrolled by keys.
      tabIndex={0}
      onScroll={({ currentTarget }) => onTop(currentTarget.scrollTop < AWAY_PX)}
      className="min-h-0 grow overflow-y-auto rounded-lg border border-line bg-surface"
    >
      <ol className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const line = lines[index];
          return (
            line !== undefined && (
              <li
                key={key}
                data-index={index}
                ref={virtualizer.measureElement}
                className="absolute inset-x-0 top-0 border-b border-line px-3 py-1"
                style={{ transform: `translateY(${start}px)` }}
              >
                <Line line={line} />
              </li>
            )
          );
        })}
      </ol>
    </div>
  );
}

function Line({ line: { atMs, level, camera, text } }: { readonly line: LogLine }): ReactNode {
  const { levels } = useText('logs');
  const format = useFormat();
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 font-mono text-note sm:flex-nowrap">
      {atMs !== null && (
        <time
          dateTime={new Date(atMs).toISOString()}
          className="shrink-0 whitespace-nowrap text-faint tabular-nums"
        >
          {format.day(atMs)}, {format.timeWithSeconds(atMs)}
        </time>
      )}
      {level !== null && (
        <span className={classNames('w-16 shrink-0 truncate', TONES[level])}>{levels[level]}</span>
      )}
      <span className="min-w-0 basis-full wrap-anywhere sm:basis-auto sm:grow">
        {camera !== null && <span className="text-accent">{camera} </span>}
        {text}
      </span>
    </div>
  );
}
