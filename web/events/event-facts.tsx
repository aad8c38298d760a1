import type { ReactNode } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { useCauseText } from '../timeline/cause-text.ts';
import { Badge } from '../ui/badge.tsx';
import { useEventStory } from './event-story.ts';

interface EventFactsProps {
  readonly event: EventSummaryJson;
  /** Its JSON file; undefined while it is on its way. */
  readonly detail: Readonly<Record<string, unknown>> | undefined;
  readonly format: Format;
}

/** What is known of an event, in words and figures. */
export function EventFacts({ event, detail, format }: EventFactsProps): ReactNode {
  const text = useText('events');
  const causeText = useCauseText();
  const story = useEventStory(event, detail, format);
  const { startMs, endMs, isOpen, zones, peakScore, causes } = event;
  return (
    <div className="px-4 py-2">
      <p className="mb-3 flex flex-wrap gap-1.5">
        {causes.map((cause) => (
          <Badge key={cause} tone="accent">
            {causeText(cause)}
          </Badge>
        ))}
        {event.isKept && <Badge tone="ok">{text.kept}</Badge>}
        {isOpen && <Badge tone="danger">{text.goesOn}</Badge>}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2">
        <Fact name={text.began}>
          <span className="tabular-nums">{format.timeWithSeconds(startMs)}</span>
          <span className="block text-note text-muted">{story.began}</span>
        </Fact>
        <Fact name={text.ended}>
          {!isOpen && <span className="tabular-nums">{format.timeWithSeconds(endMs)}</span>}
          <span className="block text-note text-muted">{story.ended}</span>
        </Fact>
        <Fact name={text.length}>{format.duration(endMs - startMs)}</Fact>
        {zones.length > 0 && <Fact name={text.zones}>{zones.join(', ')}</Fact>}
        {peakScore !== null && <Fact name={text.score}>{format.number(peakScore)}</Fact>}
      </dl>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
