import { useEffect, useState } from 'react';
import { socketUrlOf } from '../api/client.ts';
import { MomentFeed, NOTHING_YET, type ExplainedMoment } from './moment-feed.ts';

/** How the detector sees what a camera recorded around a moment, as it comes. @param atMs a whole number. */
export function useMoment(camera: string, atMs: number): ExplainedMoment {
  const [moment, setMoment] = useState(NOTHING_YET);
  useEffect(() => {
    const path = `api/cameras/${encodeURIComponent(camera)}/moment?at=${atMs}`;
    const feed = new MomentFeed(socketUrlOf(path), setMoment);
    feed.start();
    return () => {
      feed.close();
      setMoment(NOTHING_YET);
    };
  }, [camera, atMs]);
  return moment;
}
