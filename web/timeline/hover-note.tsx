import type { ReactNode } from 'react';
import { canDecodePictures } from '../player/playback/picture-decoder.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { useEnlargement } from '../ui/rem.ts';
import type { Hit } from './canvas/scene.ts';
import { HoverPicture } from './hover-picture.tsx';
import { useCauseText, useGapDetailText, useGapText } from './cause-text.ts';

export interface Hover {
  readonly hit: Hit;
  readonly xPx: number;
  readonly yPx: number;
}

interface HoverNoteProps {
  readonly hover: Hover;
  readonly format: Format;
  readonly presentMs: number;
  /** Of the timeline, so that the note stays beside it. */
  readonly widthPx: number;
}

/** Where letters have their ordinary size. */
const WIDTH_PX = 264;

/** What lies under the pointer, in words. */
export function HoverNote({ hover, format, presentMs, widthPx }: HoverNoteProps): ReactNode {
  const { hit, xPx } = hover;
  const notePx = WIDTH_PX * useEnlargement();
  const left = Math.max(4, Math.min(widthPx - notePx - 4, xPx - notePx / 2));
  return (
    <div
      role="status"
      data-testid="hover-note"
      className="pointer-events-none absolute bottom-full z-20 mb-1 rounded-lg border border-line bg-raised px-3 py-2 text-note shadow-raised"
      style={{ left, width: notePx }}
    >
      <div className="flex justify-between gap-3 tabular-nums">
        <span className="font-medium">{format.timeWithSeconds(hit.ms)}</span>
        <span className="text-faint">{format.day(hit.ms)}</span>
      </div>
      {hit.isRecorded && hit.camera !== undefined && canDecodePictures() && (
        <HoverPicture camera={hit.camera} atMs={hit.ms} />
      )}
      <HitText hit={hit} format={format} presentMs={presentMs} />
    </div>
  );
}

function HitText({
  hit,
  format,
  presentMs,
}: Omit<HoverNoteProps, 'hover' | 'widthPx'> & { hit: Hit }): ReactNode {
  const text = useText('timeline');
  const causeText = useCauseText();
  const gapText = useGapText();
  const gapDetailText = useGapDetailText();
  const { camera, event, gap, isRecorded, ms } = hit;
  if (ms > presentMs) return <p className="text-muted">{text.future}</p>;
  return (
    <>
      {camera !== undefined && <p className="truncate text-muted">{camera}</p>}
      {event !== undefined && (
        <p className="mt-0.5 text-motion">
          {[
            event.count > 1 ? text.events(event.count) : undefined,
            event.causes.map(causeText).join(', '),
            event.zones.join(', '),
            format.duration(event.endMs - event.startMs),
            event.isKept ? text.kept : undefined,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      )}
      {gap !== undefined && !isRecorded && (
        <div className="mt-0.5">
          <p>{gapText(gap.cause)}</p>
          <p className="text-muted tabular-nums">
            {format.timeWithSeconds(gap.startMs)} – {format.timeWithSeconds(gap.endMs)} (
            {format.duration(gap.endMs - gap.startMs)})
          </p>
          {gap.detail !== '' && <p className="wrap-anywhere text-faint">{gapDetailText(gap)}</p>}
        </div>
      )}
      {camera !== undefined && gap === undefined && event === undefined && !isRecorded && (
        <p className="mt-0.5">{text.noFootage}</p>
      )}
      {event === undefined && isRecorded && <p className="mt-0.5 text-muted">{text.recorded}</p>}
    </>
  );
}
