import { Slider as Radix } from 'radix-ui';
import { useId, type ReactNode } from 'react';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** While it is dragged. */
  readonly onChange: (value: number) => void;
  /** When it is let go. */
  readonly onCommit?: (value: number) => void;
  /** How the value is said and read out, such as `50 %`. */
  readonly valueText?: (value: number) => string;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

export function Slider({
  label,
  value,
  min,
  max,
  step = 1,
  onChange,
  onCommit,
  valueText = String,
  hint,
  disabled = false,
}: SliderProps): ReactNode {
  const id = useId();
  const first = (values: readonly number[], then: ((value: number) => void) | undefined): void => {
    const [chosen] = values;
    if (chosen !== undefined) then?.(chosen);
  };
  return (
    <div className="flex flex-col gap-1">
      <div className="flex justify-between gap-4 text-note">
        <span id={id} className="font-medium text-muted">
          {label}
        </span>
        <output className="tabular-nums">{valueText(value)}</output>
      </div>
      <Radix.Root
        value={[value]}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onValueChange={(values) => first(values, onChange)}
        onValueCommit={(values) => first(values, onCommit)}
        className="relative flex h-6 touch-none items-center select-none data-disabled:opacity-55 pointer-coarse:h-10"
      >
        <Radix.Track className="relative h-1 grow rounded-full bg-control/60">
          <Radix.Range className="absolute h-full rounded-full bg-accent" />
        </Radix.Track>
        <Radix.Thumb
          aria-labelledby={id}
          aria-valuetext={valueText(value)}
          className="block size-4 rounded-full border-2 border-accent bg-surface pointer-coarse:size-6"
        />
      </Radix.Root>
      {hint !== undefined && <p className="text-note text-faint">{hint}</p>}
    </div>
  );
}
