import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import { useId, type ReactNode } from 'react';

interface CheckBoxProps {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly disabled?: boolean;
}

/** One of several that hold together, or none. What takes effect at once is a `Switch`. */
export function CheckBox({ label, isChecked, onChange, disabled = false }: CheckBoxProps): ReactNode {
  const id = useId();
  return (
    <div className="flex min-h-8 items-center gap-2.5 pointer-coarse:min-h-11">
      <Radix.Root
        id={id}
        checked={isChecked}
        disabled={disabled}
        onCheckedChange={(checked) => onChange(checked === true)}
        className="flex size-5 shrink-0 items-center justify-center rounded-sm border border-control bg-surface disabled:opacity-55 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Radix.Indicator>
          <Check aria-hidden="true" className="size-4 text-on-accent" strokeWidth={3} />
        </Radix.Indicator>
      </Radix.Root>
      <label htmlFor={id} className="min-w-0 wrap-anywhere">
        {label}
      </label>
    </div>
  );
}
