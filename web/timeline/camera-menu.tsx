import { Cctv, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Menu, MenuCheck, MenuItem, MenuSeparator } from '../ui/menu.tsx';

interface CameraMenuProps {
  readonly all: readonly string[];
  readonly chosen: readonly string[];
  /** Never with none. */
  readonly onChange: (cameras: readonly string[]) => void;
}

/** Which cameras are shown, in step. */
export function CameraMenu({ all, chosen, onChange }: CameraMenuProps): ReactNode {
  const text = useText('timeline');
  const toggle = (camera: string): void => {
    const cameras = all.filter((one) => (one === camera) !== chosen.includes(one));
    if (cameras.length > 0) onChange(cameras);
  };
  const [only] = chosen;
  return (
    <Menu
      side="top"
      trigger={
        <Button look="quiet" className="min-w-0 px-2">
          <span className="sr-only">{text.chooseCameras}: </span>
          <Cctv aria-hidden="true" className="size-4 shrink-0" />
          <span className="max-w-40 truncate">
            {chosen.length === 1 ? only : text.camerasShown(chosen.length)}
          </span>
          <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-faint" />
        </Button>
      }
    >
      {all.map((camera) => (
        <MenuCheck
          key={camera}
          label={camera}
          isChecked={chosen.includes(camera)}
          onChange={() => toggle(camera)}
        />
      ))}
      {all.length > 1 && (
        <>
          <MenuSeparator />
          <MenuItem onSelect={() => onChange(all)}>{text.allCameras}</MenuItem>
        </>
      )}
    </Menu>
  );
}
