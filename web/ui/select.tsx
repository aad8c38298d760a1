import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { CONTROL, Field, type FieldProps } from './field.tsx';

export interface Choice<Value extends string> {
  /** Not empty. */
  readonly value: Value;
  readonly label: string;
}

interface SelectProps<Value extends string> extends FieldProps {
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
}

/** One of several, where there are too many for a `SegmentedControl`. */
export function Select<Value extends string>({
  label,
  hint,
  error,
  value,
  choices,
  onChange,
  disabled = false,
}: SelectProps<Value>): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <Radix.Root
          value={value}
          disabled={disabled}
          // Radix gives back one of the values it was given.
          onValueChange={(chosen) => onChange(chosen as Value)}
        >
          <Radix.Trigger
            {...attributes}
            className={classNames(CONTROL, 'inline-flex items-center justify-between gap-2 text-left')}
          >
            <span className="truncate">
              <Radix.Value />
            </span>
            <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-faint" />
          </Radix.Trigger>
          <Radix.Portal>
            <Radix.Content
              position="popper"
              sideOffset={4}
              className="appear z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) rounded-lg border border-line bg-raised p-1 shadow-raised"
            >
              <Radix.Viewport>
                {choices.map((choice) => (
                  <Radix.Item
                    key={choice.value}
                    value={choice.value}
                    className="flex min-h-9 items-center gap-2 rounded-md py-1 pr-3 pl-8 outline-none data-highlighted:bg-hover pointer-coarse:min-h-11"
                  >
                    <Radix.ItemIndicator className="-ml-6">
                      <Check aria-hidden="true" className="size-4 text-accent" />
                    </Radix.ItemIndicator>
                    <Radix.ItemText>{choice.label}</Radix.ItemText>
                  </Radix.Item>
                ))}
              </Radix.Viewport>
            </Radix.Content>
          </Radix.Portal>
        </Radix.Root>
      )}
    </Field>
  );
}
