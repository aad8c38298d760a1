import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RetentionOutlook } from '../../src/http/api/settings.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Section } from '../ui/section.tsx';

interface OutlookPanelProps {
  readonly outlook: RetentionOutlook;
  /** Whether another is asked for: this one is not what the form says. */
  readonly isOld: boolean;
}

/** What would be deleted, when disks are full, and how far back recordings will reach. */
export function OutlookPanel({ outlook, isOld }: OutlookPanelProps): ReactNode {
  const text = useText('retention');
  const format = useFormat();
  const { nowMs, footage, shortfalls, clock } = outlook;
  return (
    <div aria-busy={isOld} className={classNames('transition-opacity', isOld && 'opacity-55')}>
      <Section title={text.outlook} description={text.outlookHint}>
        <p role="status" className="mb-3 text-base">
          {useVerdict(outlook)}
        </p>
        <Deletions outlook={outlook} />
        {[...shortfalls.map(({ message }) => message), ...(clock === null ? [] : [clock])].map((message) => (
          <Warning key={message}>{message}</Warning>
        ))}
        {footage.length > 0 && (
          <DataTable
            label={text.outlook}
            rows={footage}
            keyOf={({ camera, footage: kind }) => `${camera}/${kind}`}
            columns={[
              {
                heading: text.recordings,
                cell: ({ camera, footage: kind }) => (
                  <>
                    {camera} <span className="font-normal text-muted">{text.kinds[kind]}</span>
                  </>
                ),
              },
              {
                heading: text.perDay,
                isNumber: true,
                isMinor: true,
                cell: ({ bytesPerDay }) => (bytesPerDay === null ? '?' : format.bytes(bytesPerDay)),
              },
              { heading: text.inAll, isNumber: true, cell: ({ bytes }) => format.bytes(bytes) },
              {
                heading: text.reaches,
                isNumber: true,
                isMinor: true,
                cell: ({ oldestMs }) => format.duration(nowMs - oldestMs),
              },
              {
                heading: text.willReach,
                isNumber: true,
                cell: ({ reachMs, bytesPerDay }) => {
                  if (reachMs !== null) return format.duration(reachMs);
                  return bytesPerDay === null ? '?' : text.ever;
                },
              },
            ]}
          />
        )}
      </Section>
    </div>
  );
}

function useVerdict({ nowMs, fullAtMs, bytesPerDay }: RetentionOutlook): string {
  const text = useText('retention');
  const format = useFormat();
  if (bytesPerDay === null) return text.tooEarly;
  const rate = format.bytes(bytesPerDay);
  if (fullAtMs === null) return text.notFull(rate);
  if (fullAtMs <= nowMs) return text.full(rate);
  return text.fullOn(format.date(fullAtMs), format.duration(fullAtMs - nowMs), rate);
}

function Deletions({ outlook: { deletions } }: { readonly outlook: RetentionOutlook }): ReactNode {
  const text = useText('retention');
  const format = useFormat();
  const all = useDeletionText(deletions);
  if (deletions.length === 0) return null;
  return (
    <Warning>
      <p className="font-medium">{all}</p>
      <ul>
        {deletions.map(({ camera, footage, recordings, bytes, oldestMs, newestMs }) => (
          <li key={`${camera}/${footage}`}>
            {text.deletionOf(`${camera} ${text.kinds[footage]}`, recordings, format.bytes(bytes))}
            {': '}
            {format.dateTime(oldestMs)} – {format.dateTime(newestMs)}
          </li>
        ))}
      </ul>
    </Warning>
  );
}

export function useDeletionText(deletions: RetentionOutlook['deletions']): string {
  const text = useText('retention');
  const format = useFormat();
  const recordings = deletions.reduce((sum, one) => sum + one.recordings, 0);
  const bytes = deletions.reduce((sum, one) => sum + one.bytes, 0);
  return text.deletes(format.number(recordings), format.bytes(bytes));
}

function Warning({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <div className="mb-3 flex gap-2.5 rounded-md bg-warning-soft px-3 py-2 text-warning">
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 wrap-anywhere">{children}</div>
    </div>
  );
}
