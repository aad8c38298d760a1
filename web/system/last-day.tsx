import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { SystemAnswer } from '../../src/http/api/system.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { momentLink } from '../timeline/moment-link.ts';
import { useGapDetailText, useGapText } from '../timeline/cause-text.ts';
import { DataTable } from '../ui/data-table.tsx';
import { Section } from '../ui/section.tsx';

type Day = SystemAnswer['lastDay'];

const DAY_MS = 86_400_000;

/** What was not recorded in the last 24 hours, and why. */
export function LastDay({ lastDay: { cameras, gaps } }: { readonly lastDay: Day }): ReactNode {
  const text = useText('system').lastDay;
  return (
    <Section title={text.title} description={text.hint}>
      {cameras.length > 0 && (
        <ul aria-label={text.title} className="divide-y divide-line rounded-lg border border-line bg-surface">
          {cameras.map((day) => (
            <DayOfCamera key={day.camera} day={day} />
          ))}
        </ul>
      )}
      {gaps.length === 0 ? (
        <p className="mt-3 text-muted">{text.noGaps}</p>
      ) : (
        <div className="mt-3">
          <Gaps gaps={gaps} />
        </div>
      )}
    </Section>
  );
}

function DayOfCamera({ day }: { readonly day: Day['cameras'][number] }): ReactNode {
  const text = useText('system').lastDay;
  const format = useFormat();
  const { camera, spanMs, recordedMs, missing } = day;
  const share = spanMs === 0 ? 0 : recordedMs / spanMs;
  return (
    <li className="px-4 py-2">
      <p className="flex flex-wrap justify-between gap-x-4">
        <Link
          href={`/timeline${momentLink({ cameras: [camera], atMs: undefined, spanMs: DAY_MS })}`}
          className="font-medium hover:text-accent hover:underline"
        >
          {camera}
        </Link>
        <span className="tabular-nums">
          {text.recorded(format.percent(share, share > 0.99 && share < 1 ? 2 : 0), format.duration(spanMs))}
        </span>
      </p>
      {missing.length > 0 && (
        <p className="text-note text-faint">
          {missing
            .map(({ cause, ms, times }) =>
              text.missing(causeText(cause, text.causes), format.duration(ms), times),
            )
            .join(' · ')}
        </p>
      )}
    </li>
  );
}

function Gaps({ gaps }: { readonly gaps: Day['gaps'] }): ReactNode {
  const text = useText('system').lastDay;
  const format = useFormat();
  const gapText = useGapText();
  const gapDetailText = useGapDetailText();
  return (
    <DataTable
      label={text.gaps}
      rows={gaps}
      keyOf={({ camera, startMs }) => `${camera} ${startMs}`}
      columns={[
        {
          heading: text.when,
          cell: ({ camera, startMs }) => (
            <Link
              href={`/timeline${momentLink({ cameras: [camera], atMs: startMs, spanMs: 3_600_000 })}`}
              className="whitespace-nowrap text-accent hover:underline"
            >
              {format.dateTime(startMs)}
            </Link>
          ),
        },
        { heading: text.camera, cell: ({ camera }) => camera },
        {
          heading: text.length,
          isNumber: true,
          cell: ({ startMs, endMs }) => format.duration(Math.max(1_000, endMs - startMs)),
        },
        {
          heading: text.why,
          isMinor: true,
          cell: (gap) => (
            <>
              {gapText(gap.cause)}
              {gap.detail !== '' && (
                <p className="text-note text-faint wrap-anywhere">{gapDetailText(gap)}</p>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

function causeText(cause: string, causes: Readonly<Record<string, string>>): string {
  return causes[cause] ?? cause;
}
