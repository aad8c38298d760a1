import type { ReactNode } from 'react';
import type { CameraSettings } from '../../src/http/api/settings.ts';
import { useCameras } from '../api/cameras.ts';
import { useText } from '../text/text-provider.tsx';
import { Select } from '../ui/select.tsx';

export type Engine = NonNullable<CameraSettings['engine']>;

interface EngineFieldProps {
  readonly camera: string;
  readonly engine: Engine;
  /** Why it cannot be changed here. */
  readonly lock: string | undefined;
  readonly onChange: (engine: Engine) => void;
}

/** What reads an RTSP camera, and why FFmpeg does at present, where it was left to choose. */
export function EngineField({ camera, engine, lock, onChange }: EngineFieldProps): ReactNode {
  const text = useText('settings').cameras;
  const { data: cameras = [] } = useCameras();
  const [fallback] = cameras.find((one) => one.camera === camera)?.fallbacks ?? [];
  const choices = [
    { value: 'auto', label: text.engineAuto },
    { value: 'native', label: text.engineNative },
    { value: 'ffmpeg', label: text.engineFfmpeg },
  ] as const;
  const found = fallback === undefined ? text.engineHint : text.readByFfmpeg(fallback.reason);
  return (
    <Select
      label={text.engine}
      hint={lock ?? found}
      value={engine}
      choices={choices}
      disabled={lock !== undefined}
      onChange={onChange}
    />
  );
}
