import { Video } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SystemAnswer } from '../../src/http/api/system.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { List, ListRow } from '../ui/list.tsx';
import { Section } from '../ui/section.tsx';
import { EmptyState } from '../ui/states.tsx';
import { bitRateText } from './bit-rate-text.ts';

type Camera = SystemAnswer['cameras'][number];

const TONES = { playing: 'ok', connecting: 'neutral', waiting: 'danger' } as const;

/** What comes from each camera. */
export function CameraRates({ cameras }: Pick<SystemAnswer, 'cameras'>): ReactNode {
  const text = useText('system').cameras;
  return (
    <Section title={text.title} description={text.hint}>
      {cameras.length === 0 ? (
        <EmptyState icon={Video} title={text.none} />
      ) : (
        <List label={text.title}>
          {cameras.map((camera) => (
            <CameraRow key={camera.camera} camera={camera} />
          ))}
        </List>
      )}
    </Section>
  );
}

function CameraRow({
  camera: { camera, state, reason, video, ...rates },
}: {
  readonly camera: Camera;
}): ReactNode {
  const { cameras: text, measuring } = useText('system');
  const format = useFormat();
  const { bitsPerSecond, fps } = rates;
  return (
    <ListRow
      title={
        <>
          {camera}
          <Badge tone={TONES[state]}>{text.states[state]}</Badge>
        </>
      }
      note={reason ?? (video === null ? undefined : `${video.width}×${video.height} ${video.codec}`)}
      actions={
        state === 'playing' && (
          <p className="pr-2 text-right whitespace-nowrap tabular-nums">
            {bitsPerSecond === null ? measuring : bitRateText(bitsPerSecond, format)}
            <br />
            <span className="text-note text-faint">
              {fps === null ? measuring : text.fps(format.number(fps, 1))}
            </span>
          </p>
        )
      }
    />
  );
}
