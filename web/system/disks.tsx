import type { ReactNode } from 'react';
import type { SystemAnswer } from '../../src/http/api/system.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Section } from '../ui/section.tsx';
import { shareOfDisk } from './share-of-disk.ts';

type Disk = SystemAnswer['disks'][number];

/** What room there is for recordings, and what takes it. */
export function Disks({ disks }: { readonly disks: readonly Disk[] }): ReactNode {
  const text = useText('system').disks;
  return (
    <Section title={text.title} description={text.hint}>
      <ul aria-label={text.title} className="flex flex-col gap-3">
        {disks.map((disk) => (
          <li key={disk.path} className="rounded-lg border border-line bg-surface px-4 py-3">
            <DiskCard disk={disk} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function DiskCard({ disk }: { readonly disk: Disk }): ReactNode {
  const text = useText('system').disks;
  const format = useFormat();
  const { path, isThere, maxBytes } = disk;
  const recordings = disk.cameras.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 grow font-medium wrap-anywhere">{path}</h3>
        {!isThere && <Badge tone="danger">{text.missing}</Badge>}
        {isThere && isFull(disk, recordings) && <Badge tone="warning">{text.full}</Badge>}
      </div>
      {isThere ? (
        <SpaceBar disk={disk} recordings={recordings} />
      ) : (
        <p className="mt-1 text-muted">{text.missingHint}</p>
      )}
      {maxBytes !== null && <p className="mt-1 text-note text-faint">{text.most(format.bytes(maxBytes))}</p>}
      {disk.cameras.length > 0 && (
        <ul
          aria-label={text.ofCameras}
          className="mt-2 grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 border-t border-line pt-2"
        >
          {disk.cameras.map(({ camera, bytes }) => (
            <li key={camera} className="flex justify-between gap-3 py-0.5">
              <span className="truncate text-muted">{camera}</span>
              <span className="tabular-nums">{format.bytes(bytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface SpaceBarProps {
  readonly disk: Disk;
  readonly recordings: number;
}

function SpaceBar({ disk, recordings }: SpaceBarProps): ReactNode {
  const text = useText('system').disks;
  const format = useFormat();
  const { freeBytes, totalBytes } = disk;
  if (freeBytes === null || totalBytes === null) return null;
  const share = shareOfDisk({ totalBytes, freeBytes, recordings });
  return (
    <>
      <div aria-hidden="true" className="mt-2 flex h-2.5 overflow-hidden rounded-full bg-hover">
        <div className="bg-accent" style={{ width: `${share.recordings * 100}%` }} />
        <div className="bg-control" style={{ width: `${share.others * 100}%` }} />
      </div>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-note text-muted">
        <Legend dot="bg-accent">{text.recordings(format.bytes(recordings))}</Legend>
        <Legend dot="bg-control">{text.others(format.bytes(totalBytes * share.others))}</Legend>
        <Legend dot="bg-hover border border-control">
          {text.free(format.bytes(freeBytes), format.bytes(totalBytes))}
        </Legend>
      </p>
    </>
  );
}

function Legend({ dot, children }: { readonly dot: string; readonly children: ReactNode }): ReactNode {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-full ${dot}`} />
      {children}
    </span>
  );
}

/** From then on the oldest recordings go for new ones. */
function isFull({ freeBytes, floorBytes, maxBytes }: Disk, recordings: number): boolean {
  const hasNoRoom = freeBytes !== null && floorBytes !== null && freeBytes <= floorBytes;
  return hasNoRoom || (maxBytes !== null && recordings >= maxBytes);
}
