import { useEffect, useState, type ReactNode } from 'react';
import type { SoundLevel } from '../player/live/sound-level.ts';
import { useFormat, useText } from '../text/text-provider.tsx';

const EVERY_MS = 100;
/** What the bar spans, up to 0 dBFS. */
const LEAST_DBFS = -60;
/** The bar rises at once and falls by so much each time, so that a short sound is seen. */
const FALL_DB = 2;

/** How loud a camera is that is listened to. */
export function LevelMeter({ level }: { readonly level: SoundLevel }): ReactNode {
  const text = useText('live');
  const format = useFormat();
  const [dbfs, setDbfs] = useState(LEAST_DBFS);
  useEffect(() => {
    const timer = setInterval(() => {
      const now = level.read();
      setDbfs((before) => Math.max(LEAST_DBFS, now, before - FALL_DB));
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [level]);
  const shown = Math.round(dbfs);
  return (
    <div
      role="meter"
      aria-label={text.level}
      aria-valuemin={LEAST_DBFS}
      aria-valuemax={0}
      aria-valuenow={shown}
      aria-valuetext={text.levelOf(format.number(shown))}
      title={text.level}
      className="pointer-events-none absolute bottom-8 left-2 flex items-center gap-1.5 rounded-sm bg-black/60 px-1.5 py-0.5 text-tiny text-[#e9ecf0] tabular-nums"
    >
      <span className="block h-1.5 w-16 overflow-hidden rounded-full bg-white/20">
        <span
          className="block h-full origin-left bg-[#4cc3d9] transition-transform duration-100"
          style={{ transform: `scaleX(${1 - dbfs / LEAST_DBFS})` }}
        />
      </span>
      <span className="min-w-11 text-right">{text.levelOf(format.number(shown))}</span>
    </div>
  );
}
