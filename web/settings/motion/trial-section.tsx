import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { MotionTrialJson } from '../../../src/http/api/motion-trial.ts';
import type { SettingsEdit } from '../../../src/http/api/settings.ts';
import { useErrorText } from '../../api/error-text.ts';
import { useFormat, useText } from '../../text/text-provider.tsx';
import { momentLink } from '../../timeline/moment-link.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { Select } from '../../ui/select.tsx';
import { useEndMotionTrial, useMotionTrial, useStartMotionTrial } from './trial-api.ts';

const HOUR_MS = 3_600_000;
const SPANS_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
type Span = keyof typeof SPANS_MS;

interface TrialSectionProps {
  readonly camera: string;
  readonly version: string;
  /** What is to be tried. */
  readonly edits: readonly SettingsEdit[];
  readonly isSound: boolean;
}

/** What the settings that were drawn and chosen would have made of what was recorded lately. */
export function TrialSection({ camera, version, edits, isSound }: TrialSectionProps): ReactNode {
  const text = useText('motion');
  const errorText = useErrorText();
  const { data: trial } = useMotionTrial();
  const starting = useStartMotionTrial();
  const ending = useEndMotionTrial();
  const [span, setSpan] = useState<Span>('day');
  /** What the result that is shown was made with. */
  const [tried, setTried] = useState<string>();
  const isWorking = trial?.state.kind === 'working';
  const wanted = JSON.stringify(edits);

  const start = (): void => {
    const to = Date.now();
    setTried(wanted);
    starting.mutate({ camera, version, edits: [...edits], from: to - SPANS_MS[span], to });
  };

  return (
    <Section title={text.trial} description={text.trialHint}>
      <div className="flex max-w-3xl flex-col gap-3">
        <div className="flex flex-wrap items-end gap-3">
          <div className="w-44">
            <Select
              label={text.span}
              value={span}
              choices={(['hour', 'day', 'week'] as const).map((value) => ({
                value,
                label: text.spans[value],
              }))}
              onChange={setSpan}
            />
          </div>
          <Button
            isBusy={starting.isPending}
            disabled={edits.length === 0 || !isSound || isWorking}
            onClick={start}
          >
            {text.start}
          </Button>
          {isWorking && (
            <Button isBusy={ending.isPending} onClick={() => ending.mutate()}>
              {text.cancel}
            </Button>
          )}
          {edits.length === 0 && <p className="pb-2 text-note text-faint">{text.nothingToTry}</p>}
        </div>
        {starting.error !== null && (
          <p role="alert" className="text-danger wrap-anywhere">
            {errorText(starting.error)}
          </p>
        )}
        {trial?.camera === camera ? (
          <Trial trial={trial} isOutdated={tried !== wanted} />
        ) : (
          isWorking && <p className="text-faint">{text.waitingForOther}</p>
        )}
      </div>
    </Section>
  );
}

interface TrialProps {
  readonly trial: MotionTrialJson;
  /** Whether something else would be tried by now. */
  readonly isOutdated: boolean;
}

function Trial({ trial, isOutdated }: TrialProps): ReactNode {
  const text = useText('motion');
  const format = useFormat();
  const { state } = trial;
  if (state.kind === 'working') {
    return (
      <div className="flex items-center gap-3">
        <progress
          aria-label={text.progress(format.percent(state.progress))}
          value={state.progress}
          max={1}
          className="h-1.5 grow overflow-hidden rounded-full accent-accent"
        />
        <span className="text-note text-muted tabular-nums">
          {text.progress(format.percent(state.progress))}
        </span>
      </div>
    );
  }
  if (state.kind === 'failed') {
    return (
      <p role="alert" className="text-danger wrap-anywhere">
        {text.trialFailed} {state.reason}
      </p>
    );
  }
  const { result } = state;
  return (
    <div role="status" className="flex flex-col gap-2">
      <p className="text-muted">
        {text.trialDone(format.number(result.files), format.duration(result.mediaMs))}
        {isOutdated && <span className="text-warning"> {text.outdated}</span>}
      </p>
      <p className="flex flex-wrap gap-2">
        {(['appears', 'vanishes', 'changes', 'same'] as const).map((verdict) => (
          <Badge key={verdict} tone={TONES[verdict]}>
            {text.counts(text.verdicts[verdict], format.number(result.counts[verdict]))}
          </Badge>
        ))}
      </p>
      {result.rows.length === 0 ? <p>{text.noDifference}</p> : <Rows trial={trial} rows={result.rows} />}
      {result.failures.length > 0 && (
        <details className="text-muted">
          <summary className="cursor-pointer">{text.leftOut}</summary>
          <ul className="list-disc pl-5 text-note wrap-anywhere">
            {result.failures.map((failure) => (
              <li key={failure}>{failure}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const TONES = { appears: 'ok', vanishes: 'danger', changes: 'warning', same: 'neutral' } as const;
/** Around an event on the timeline. */
const SHOWN_MS = 120_000;

type Row = Extract<MotionTrialJson['state'], { readonly kind: 'done' }>['result']['rows'][number];

function Rows({
  trial,
  rows,
}: {
  readonly trial: MotionTrialJson;
  readonly rows: readonly Row[];
}): ReactNode {
  const text = useText('motion');
  const format = useFormat();
  const said = (spans: Row['present']): string =>
    spans
      .map(({ startMs, endMs }) =>
        text.row(format.timeWithSeconds(startMs), format.duration(endMs - startMs)),
      )
      .join('; ');
  return (
    <ul
      aria-label={text.trial}
      className="max-h-96 divide-y divide-line overflow-y-auto rounded-lg border border-line bg-surface"
    >
      {rows.map(({ verdict, present, tried }) => {
        const startMs = Math.min(...[...present, ...tried].map((span) => span.startMs));
        return (
          <li key={startMs} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 tabular-nums">
            <Badge tone={TONES[verdict]}>{text.verdicts[verdict]}</Badge>
            <span className="text-muted">{format.day(startMs)}</span>
            <span className="grow">
              {verdict === 'changes'
                ? text.becomes(said(present), said(tried))
                : said(verdict === 'appears' ? tried : present)}
            </span>
            <Link
              href={`/timeline${momentLink({ cameras: [trial.camera], atMs: startMs, spanMs: SHOWN_MS })}`}
              className="text-accent hover:underline"
            >
              {text.show}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
