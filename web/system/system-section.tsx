import type { ReactNode } from 'react';
import type { SystemAnswer } from '../../src/http/api/system.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Page } from '../ui/page.tsx';
import { ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { CameraRates } from './camera-rates.tsx';
import { Disks } from './disks.tsx';
import { LastDay } from './last-day.tsx';
import { Processes } from './processes.tsx';
import { useSystem } from './system-api.ts';

/** How the machine and its recorder are at this moment. */
export default function SystemSection(): ReactNode {
  const text = useText('system');
  const settings = useText('settings');
  const { data, error, refetch } = useSystem();
  return (
    <Page title={settings.sections.system} back={{ path: '/settings', label: settings.back }}>
      {data !== undefined ? (
        <>
          {error !== null && (
            <p role="status" className="mb-4 rounded-md bg-warning-soft px-3 py-2 text-warning">
              {text.stale}
            </p>
          )}
          <Facts system={data} />
          <CameraRates cameras={data.cameras} />
          <Disks disks={data.disks} />
          <LastDay lastDay={data.lastDay} />
          <Processes processes={data.processes} />
        </>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="mb-8 h-20" />
          <Skeleton className="mb-8 h-40" />
          <Skeleton className="h-40" />
        </Loading>
      )}
    </Page>
  );
}

function Facts({ system }: { readonly system: SystemAnswer }): ReactNode {
  const text = useText('system');
  const format = useFormat();
  const { host, processes, upMs, versions } = system;
  const known = processes?.filter(({ cpu }) => cpu !== null) ?? [];
  const cpu = known.length === 0 ? null : known.reduce((sum, one) => sum + (one.cpu ?? 0), 0);
  const ownBytes = processes?.reduce((sum, one) => sum + one.memoryBytes, 0);
  return (
    <dl className="mb-8 grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4">
      <Fact
        name={text.cpu}
        value={cpu === null ? text.measuring : format.percent(cpu / host.cores, 1)}
        note={text.cores(host.cores, host.load === null ? undefined : format.number(host.load, 2))}
      />
      <Fact
        name={text.memory}
        value={ownBytes === undefined ? text.notTold : format.bytes(ownBytes)}
        note={text.ofMemory(format.bytes(host.memoryBytes), format.bytes(host.freeMemoryBytes))}
      />
      <Fact
        name={text.upTime}
        value={upMs === null ? text.away : format.duration(upMs)}
        note={upMs === null ? text.awayHint : text.since(format.dateTime(system.nowMs - upMs))}
      />
      <Fact
        name={text.version}
        value={`Preroll ${versions.preroll}`}
        note={`Node.js ${versions.node.replace(/^v/, '')}, ${versions.os}`}
      />
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

function Fact({ name, value, note }: FactProps): ReactNode {
  return (
    <div className="min-w-0 bg-surface px-4 py-3">
      <dt className="text-note text-muted">{name}</dt>
      <dd className="text-lg font-semibold tabular-nums">{value}</dd>
      <dd className="text-note text-faint wrap-anywhere">{note}</dd>
    </div>
  );
}
