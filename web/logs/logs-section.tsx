import { ChevronLeft, Download, ScrollText } from 'lucide-react';
import { useCallback, useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useCameraNames } from '../api/cameras.ts';
import { urlOf } from '../api/client.ts';
import { useText } from '../text/text-provider.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState, ErrorState, Loading, MoreFailed, Skeleton } from '../ui/states.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import { LogList } from './log-list.tsx';
import { linesOf } from './log-pages.ts';
import { useLog, type LogFilter } from './use-log.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** Stands for no filter; a name of a camera cannot have a slash. */
const ANY = '/';

/** The recorder's log, the newest line first. */
export default function LogsSection(): ReactNode {
  const text = useText('logs');
  const settings = useText('settings');
  const { data: cameras = [] } = useCameraNames();
  const [level, setLevel] = useState<(typeof LEVELS)[number]>('debug');
  const [camera, setCamera] = useState(ANY);
  const [sought, setSought] = useState('');
  const [isFollowed, setFollowed] = useState(true);
  const settled = useDeferredValue(sought);
  const filter = useMemo<LogFilter>(
    () => ({
      level: level === 'debug' ? undefined : level,
      camera: camera === ANY ? undefined : camera,
      text: settled,
    }),
    [level, camera, settled],
  );
  return (
    <div className="mx-auto flex h-full max-w-5xl flex-col px-4 pb-4 sm:px-6">
      <header className="mb-2 flex min-h-14 items-center gap-4 py-2">
        <Link
          href="/settings"
          aria-label={settings.back}
          className="-mr-3 -ml-3 flex size-11 items-center justify-center text-muted sm:hidden"
        >
          <ChevronLeft aria-hidden="true" className="size-5" />
        </Link>
        <h1 className="grow text-lg font-semibold">{settings.sections.logs}</h1>
        <a
          href={urlOf('api/logs/file')}
          download
          className="inline-flex min-h-9 items-center gap-2 rounded-md border border-line bg-raised px-3 whitespace-nowrap hover:bg-hover pointer-coarse:min-h-11"
        >
          <Download aria-hidden="true" className="size-4" />
          {text.download}
        </a>
      </header>
      <div className="mb-3 grid grid-cols-2 items-end gap-3 sm:grid-cols-[10rem_12rem_1fr_auto]">
        <Select
          label={text.level}
          value={level}
          choices={LEVELS.map((value) => ({ value, label: text.from[value] }))}
          onChange={setLevel}
        />
        <Select
          label={text.camera}
          value={camera}
          choices={[
            { value: ANY, label: text.everything },
            ...cameras.map((name) => ({ value: name, label: name })),
          ]}
          onChange={setCamera}
        />
        <TextField
          label={text.text}
          type="search"
          maxLength={200}
          value={sought}
          onChange={({ target }) => setSought(target.value)}
        />
        <Switch label={text.follow} isOn={isFollowed} onChange={setFollowed} />
      </div>
      <Lines filter={filter} isFollowed={isFollowed} />
    </div>
  );
}

interface LinesProps {
  readonly filter: LogFilter;
  readonly isFollowed: boolean;
}

function Lines({ filter, isFollowed }: LinesProps): ReactNode {
  const text = useText('logs');
  const [isAtTop, setAtTop] = useState(true);
  const log = useLog(filter, isFollowed && isAtTop);
  const { data, error, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = log;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const lines = useMemo(() => (data === undefined ? [] : linesOf(data)), [data]);
  if (data === undefined) {
    return error !== null ? (
      <ErrorState error={error} onRetry={() => void log.refetch()} />
    ) : (
      <Loading>
        <Skeleton className="grow" />
      </Loading>
    );
  }
  if (lines.length === 0 && !hasNextPage) return <EmptyState icon={ScrollText} title={text.none} />;
  return (
    <>
      <LogList
        lines={lines}
        isWhole={!hasNextPage}
        isLoadingMore={isFetchingNextPage}
        hasFailed={isFetchNextPageError}
        onEnd={loadMore}
        onTop={setAtTop}
      />
      {isFetchNextPageError && <MoreFailed error={error} onRetry={loadMore} />}
      <p role="status" className="min-h-5 pt-1 text-note text-faint">
        {isFetchingNextPage ? text.looking : isFollowed && !isAtTop ? text.paused : ''}
      </p>
    </>
  );
}
