import type { ReactNode } from 'react';
import { useCameraNames } from '../api/cameras.ts';
import { useText } from '../text/text-provider.tsx';
import { CheckBox } from '../ui/check-box.tsx';

interface CameraPermissionFieldProps {
  /** Null for all, also those to come. */
  readonly cameras: readonly string[] | null;
  readonly onChange: (cameras: string[] | null) => void;
}

/** All cameras, or some. */
export function CameraPermissionField({ cameras, onChange }: CameraPermissionFieldProps): ReactNode {
  const text = useText('account');
  const { data: names = [] } = useCameraNames();
  // A camera that is no longer there may come back: it stays until it is taken out.
  const offered = [...new Set([...names, ...(cameras ?? [])])];
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-note font-medium text-muted">{text.cameras}</legend>
      <CheckBox
        label={text.allCameras}
        isChecked={cameras === null}
        onChange={(areAll) => onChange(areAll ? null : names)}
      />
      {cameras !== null && (
        <div className="grid grid-cols-2 gap-x-4 pl-7">
          {offered.map((name) => (
            <CheckBox
              key={name}
              label={name}
              isChecked={cameras.includes(name)}
              onChange={(isChecked) =>
                onChange(isChecked ? [...cameras, name] : cameras.filter((each) => each !== name))
              }
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
