import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { PlayRequest } from '../../src/http/api/live.ts';
import { useCameraCodec } from '../api/cameras.ts';
import { socketUrlOf } from '../api/client.ts';
import { LivePlayer } from '../player/live/live-player.ts';
import type { LiveView } from '../player/live/live-view.ts';

interface UseLivePlayerOptions {
  readonly camera: string;
  readonly stream: PlayRequest['stream'];
  readonly isVisible: boolean;
  /** 0..1 */
  readonly volume: number;
}

export interface UsedLivePlayer {
  /** For the `<video>`. */
  readonly videoRef: (video: HTMLVideoElement | null) => void;
  readonly video: HTMLVideoElement | null;
  readonly player: LivePlayer | undefined;
  readonly view: LiveView | undefined;
}

/** A live player that lives as long as its `<video>`. */
export function useLivePlayer({ camera, stream, isVisible, volume }: UseLivePlayerOptions): UsedLivePlayer {
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [player, setPlayer] = useState<LivePlayer>();
  const streamAtFirst = useRef(stream);
  const codec = useCameraCodec(camera);

  useEffect(() => {
    if (video === null) return undefined;
    const url = socketUrlOf('api/live');
    const made = new LivePlayer({ video, url, camera, stream: streamAtFirst.current });
    made.start();
    setPlayer(made);
    return () => {
      made.dispose();
      setPlayer(undefined);
    };
  }, [video, camera]);

  useEffect(() => {
    streamAtFirst.current = stream;
    player?.setStream(stream);
  }, [player, stream]);
  useEffect(() => player?.setCameraCodec(codec), [player, codec]);
  useEffect(() => player?.setVisible(isVisible), [player, isVisible]);
  useEffect(() => player?.setVolume(volume), [player, volume]);

  const subscribe = useCallback(
    (listener: () => void) => player?.subscribe(listener) ?? (() => undefined),
    [player],
  );
  const view = useSyncExternalStore(subscribe, () => player?.view);
  return { videoRef: setVideo, video, player, view };
}
