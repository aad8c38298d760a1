import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { MomentFacts } from '../../src/http/api/moment.ts';
import { useMay } from '../api/session.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { useGapText } from '../timeline/cause-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Slider } from '../ui/slider.tsx';
import { ExplainedPicture } from './explained-picture.tsx';
import type { ExplainedMoment } from './moment-feed.ts';
import { ProblemNote } from './problem-note.tsx';
import { ScoreStrip } from './score-strip.tsx';
import { useMoment } from './use-moment.ts';
import { verdictOf, type Verdict } from './verdict.ts';

interface MomentDialogProps {
  readonly camera: string;
  readonly atMs: number;
  /** Of times where the cameras are. */
  readonly format: Format;
  readonly onClose: () => void;
}

/** Why there was or was not an event at a moment, in words and in the detector's own pictures of what was recorded. */
export function MomentDialog({ camera, atMs, format, onClose }: MomentDialogProps): ReactNode {
  const text = useText('explained');
  const [attempt, setAttempt] = useState(0);
  // One moment for the server and for what is made of its answer: players tell it in fractions.
  const momentMs = Math.round(atMs);
  return (
    <Dialog
      title={text.moment}
      description={`${camera}, ${format.dateTime(momentMs)}`}
      isOpen
      onClose={onClose}
      size="wide"
    >
      <Explanation
        key={attempt}
        camera={camera}
        atMs={momentMs}
        format={format}
        onClose={onClose}
        onRetry={() => setAttempt(attempt + 1)}
      />
    </Dialog>
  );
}

interface ExplanationProps extends MomentDialogProps {
  readonly onRetry: () => void;
}

function Explanation({ camera, atMs, format, onClose, onRetry }: ExplanationProps): ReactNode {
  const text = useText('explained');
  const moment = useMoment(camera, atMs);
  const { facts, pictures, isWhole, problem, unreadable } = moment;
  return (
    <div className="flex flex-col gap-3 pb-4">
      <Answer moment={moment} camera={camera} atMs={atMs} format={format} onClose={onClose} />
      {problem !== undefined && <ProblemNote problem={problem} onRetry={onRetry} />}
      {unreadable.length > 0 && (
        <p role="alert" className="text-warning">
          {text.unreadable(unreadable)}
        </p>
      )}
      {(pictures.length > 0 || (facts?.isRecorded === true && !isWhole)) && (
        <Pictures moment={moment} atMs={atMs} format={format} />
      )}
    </div>
  );
}

interface AnswerProps extends MomentDialogProps {
  readonly moment: ExplainedMoment;
}

function Answer({ moment, camera, atMs, format, onClose }: AnswerProps): ReactNode {
  const { facts, pictures, isWhole } = moment;
  const text = useText('explained');
  const gapText = useGapText();
  const verdictText = useVerdictText(format);
  const waitingText = useWaitingText(moment);
  const mayChange = useMay('admin');
  const verdict = facts && verdictOf(atMs, facts, isWhole ? pictures : undefined);
  const name = encodeURIComponent(camera);
  const event = facts?.event ?? undefined;
  const gap = facts?.gap ?? undefined;
  return (
    <div role="status" className="flex flex-col gap-1">
      <p className="font-medium">
        {facts !== undefined && verdict !== undefined && verdictText(verdict, facts)}
        {verdict === undefined && !isWhole && waitingText}
      </p>
      {gap !== undefined && gap.cause !== 'policy' && <p className="text-muted">{gapText(gap.cause)}</p>}
      {facts !== undefined && verdict?.kind !== 'not-looking' && (
        <p className="text-muted">{text.seen[facts.seen]}</p>
      )}
      <p className="flex flex-wrap gap-x-4 text-note">
        {event !== undefined && (
          // The page behind may show it already.
          <Link
            className="text-accent underline"
            href={`/events/${name}/${event.triggerMs}`}
            onClick={onClose}
          >
            {text.toEvent}
          </Link>
        )}
        {mayChange && (
          <Link className="text-accent underline" href={`/settings/cameras/${name}/motion`}>
            {text.toSettings}
          </Link>
        )}
      </p>
    </div>
  );
}

function Pictures({ moment, atMs, format }: Omit<AnswerProps, 'camera' | 'onClose'>): ReactNode {
  const text = useText('explained');
  const { pictures } = moment;
  const waitingText = useWaitingText(moment);
  const [chosen, setChosen] = useState<number>();
  const index = chosen ?? indexAt(pictures, atMs);
  const picture = pictures[index];
  return (
    <>
      <ExplainedPicture address={picture?.address} waiting={waitingText} />
      {picture !== undefined && (
        <>
          <ScoreStrip pictures={pictures} chosen={index} onChoose={setChosen} />
          <Slider
            label={text.picture}
            value={index}
            min={0}
            max={Math.max(1, pictures.length - 1)}
            onChange={setChosen}
            valueText={(at) => format.timeWithTenths(pictures[at]?.wallMs ?? atMs)}
          />
          <p className="flex flex-wrap items-center gap-3 text-muted tabular-nums">
            <Badge tone={picture.isMotion ? 'warning' : 'neutral'}>
              {picture.isMotion ? text.motion : text.still}
            </Badge>
            {text.score} {format.number(picture.score)}
            <span className="text-accent">{text.needed(format.number(picture.neededScore))}</span>
          </p>
        </>
      )}
      <p className="text-note text-faint">{text.otherStream}</p>
    </>
  );
}

/** While pictures are to come. */
function useWaitingText({ isQueued }: ExplainedMoment): string {
  const text = useText('explained');
  return isQueued ? text.queued : text.looking;
}

/** Of the last picture up to the moment. */
function indexAt(pictures: ExplainedMoment['pictures'], atMs: number): number {
  return Math.max(
    0,
    pictures.findLastIndex(({ wallMs }) => wallMs <= atMs),
  );
}

function useVerdictText(format: Format): (verdict: Verdict, facts: MomentFacts) => string {
  const { verdicts } = useText('explained');
  const { modes } = useText('recording');
  return (verdict, { event, mode }) => {
    switch (verdict.kind) {
      case 'event':
        return verdicts.event(
          format.timeWithSeconds(event?.triggerMs ?? 0),
          format.timeWithSeconds(event?.untilMs ?? 0),
        );
      case 'pre-roll':
        return verdicts.preRoll(format.timeWithSeconds(event?.triggerMs ?? 0));
      case 'not-looking':
        return verdicts.notLooking(modes[mode]);
      case 'policy':
        return verdicts.policy;
      case 'not-recorded':
        return verdicts.notRecorded;
      case 'too-little':
        return verdicts.tooLittle(format.number(verdict.highest), format.number(verdict.needed));
      case 'enough':
        return verdicts.enough(format.number(verdict.highest), format.number(verdict.needed));
      case 'unknown':
        return verdicts.unknown;
      default:
        return verdict satisfies never;
    }
  };
}
