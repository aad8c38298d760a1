import { Check, ChevronDown, Cctv } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Menu, MenuSeparator } from '../ui/menu.tsx';

interface CameraMenuProps {
  readonly all: readonly string[];
  readonly chosen: readonly string[];
  /** Never with none. */
  readonly onChange: (cameras: readonly string[]) => void;
}

const ITEM =
  'relative flex min-h-9 cursor-pointer items-center rounded-md pr-3 pl-8 outline-none data-highlighted:bg-hover pointer-coarse:min-h-11';

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
        <Radix.CheckboxItem
          key={camera}
          checked={chosen.includes(camera)}
          onCheckedChange={() => toggle(camera)}
          // Several can be chosen at once.
          onSelect={(event) => event.preventDefault()}
          className={ITEM}
        >
          <Radix.ItemIndicator className="absolute left-2.5">
            <Check aria-hidden="true" className="size-4 text-accent" />
          </Radix.ItemIndicator>
          {camera}
        </Radix.CheckboxItem>
      ))}
      {all.length > 1 && (
        <>
          <MenuSeparator />
          <Radix.Item className={ITEM} onSelect={() => onChange(all)}>
            {text.allCameras}
          </Radix.Item>
        </>
      )}
    </Menu>
  );
}
