import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import type { ShownPicture } from './picture-edits.ts';

const TURNS = ['0', '90', '180', '270'] as const;

interface PictureFieldsProps {
  readonly shown: ShownPicture;
  /** Why an option cannot be changed here; undefined where it can. */
  readonly lockOf: (option: keyof ShownPicture) => string | undefined;
  readonly onChange: (shown: ShownPicture) => void;
}

/** How the picture of a camera is shown. */
export function PictureFields({ shown, lockOf, onChange }: PictureFieldsProps): ReactNode {
  const text = useText('settings').cameras;
  const rotateLock = lockOf('rotate');
  const mirrorLock = lockOf('mirror');
  return (
    <>
      <Select
        label={text.rotate}
        hint={rotateLock ?? text.rotateHint}
        value={String(shown.rotate)}
        choices={TURNS.map((value) => ({ value, label: text.turn[value] }))}
        disabled={rotateLock !== undefined}
        onChange={(value) => onChange({ ...shown, rotate: Number(value) })}
      />
      <Switch
        label={text.mirror}
        hint={mirrorLock ?? text.mirrorHint}
        isOn={shown.mirror}
        disabled={mirrorLock !== undefined}
        onChange={(mirror) => onChange({ ...shown, mirror })}
      />
    </>
  );
}
