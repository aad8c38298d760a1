import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import type { Choice } from './select.tsx';

interface SegmentedControlProps<Value extends string> {
  /** Its name; not shown. */
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}

/** One of two to four, all in sight. */
export function SegmentedControl<Value extends string>({
  label,
  value,
  choices,
  onChange,
}: SegmentedControlProps<Value>): ReactNode {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      // A press on what is chosen gives an empty text; it stays chosen. Else Radix gives back one of the values it was given.
      onValueChange={(chosen) => chosen !== '' && onChange(chosen as Value)}
      className="inline-flex rounded-md border border-line bg-surface p-0.5"
    >
      {choices.map((choice) => (
        <ToggleGroup.Item
          key={choice.value}
          value={choice.value}
          className="min-h-8 rounded-sm px-2.5 text-note whitespace-nowrap text-muted hover:text-text data-[state=on]:bg-accent-soft data-[state=on]:text-accent pointer-coarse:min-h-10"
        >
          {choice.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
