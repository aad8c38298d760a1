import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { CamerasAnswer } from '../../src/http/api/cameras.ts';
import { ask } from './client.ts';

type Cameras = CamerasAnswer['cameras'];

/** The cameras that who is signed in may see, in the order of the configuration, with their state. */
export function useCameras(): UseQueryResult<Cameras> {
  return useCamerasAs((cameras) => cameras);
}

export function useCameraNames(): UseQueryResult<string[]> {
  return useCamerasAs((cameras) => cameras.map(({ camera }) => camera));
}

/** What a camera's main stream is encoded in, such as `avc1.640028`; undefined while it does not play. */
export function useCameraCodec(camera: string): string | undefined {
  return useCamerasAs((cameras) => cameras.find((one) => one.camera === camera)?.video?.codec).data;
}

function useCamerasAs<Wanted>(select: (cameras: Cameras) => Wanted): UseQueryResult<Wanted> {
  return useQuery({
    queryKey: ['cameras'],
    queryFn: ({ signal }) => ask<CamerasAnswer>('api/cameras', { signal }),
    select: ({ cameras }) => select(cameras),
  });
}
