import { Eraser } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';
import { MODE_LOOK } from './mode-look.ts';
import { MODES, type Mode } from './week.ts';

/** Stands for the camera's own mode; no mode is called so. */
const OWN = 'own';

interface ModePaletteProps {
  readonly brush: Mode | undefined;
  readonly onChange: (brush: Mode | undefined) => void;
}

/** What the week is painted with, and what its colours mean. */
export function ModePalette({ brush, onChange }: ModePaletteProps): ReactNode {
  const text = useText('recording');
  return (
    <RadioGroup.Root
      aria-label={text.palette}
      value={brush ?? OWN}
      // Radix gives back one of the values it was given.
      onValueChange={(value) => onChange(value === OWN ? undefined : (value as Mode))}
      className="mb-3 flex flex-wrap gap-1.5"
    >
      {[...MODES, OWN].map((value) => (
        <RadioGroup.Item
          key={value}
          value={value}
          className="inline-flex min-h-8 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-note text-muted hover:text-text data-[state=checked]:border-accent data-[state=checked]:text-text pointer-coarse:min-h-10"
        >
          {value === OWN ? (
            <Eraser aria-hidden="true" className="size-4" />
          ) : (
            <span
              aria-hidden="true"
              className={classNames('size-4 rounded-sm border-control', MODE_LOOK[value as Mode])}
            />
          )}
          {value === OWN ? text.ownMode : text.short[value as Mode]}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
