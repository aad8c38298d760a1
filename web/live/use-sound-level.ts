import { useEffect, useRef, useState } from 'react';
import { SoundLevel } from '../player/live/sound-level.ts';

/** Undefined while a `<video>` is not listened to, and where the browser does not let it be: it is heard all the same. */
export function useSoundLevel(video: HTMLVideoElement | null, isHeard: boolean): SoundLevel | undefined {
  const made = useRef<SoundLevel>(undefined);
  const [level, setLevel] = useState<SoundLevel>();
  useEffect(() => {
    if (video === null || !isHeard) return undefined;
    try {
      made.current ??= new SoundLevel(video);
    } catch {
      // Browsers have only so many contexts of sound.
      return undefined;
    }
    made.current.resume();
    setLevel(made.current);
    return () => setLevel(undefined);
  }, [video, isHeard]);
  useEffect(
    () => () => {
      made.current?.close();
      made.current = undefined;
    },
    [],
  );
  return level;
}
