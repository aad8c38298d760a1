import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import type { Choice } from './select.tsx';

interface MenuProps {
  /** The button that opens it; takes a ref. */
  readonly trigger: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly align?: 'start' | 'center' | 'end';
  readonly children: ReactNode;
}

const ITEM =
  'flex min-h-9 items-center gap-2.5 rounded-md px-2.5 outline-none data-highlighted:bg-hover data-disabled:opacity-50 pointer-coarse:min-h-11 cursor-pointer';

export function Menu({ trigger, side = 'bottom', align = 'start', children }: MenuProps): ReactNode {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="appear z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-raised"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  readonly icon?: LucideIcon;
  readonly onSelect: () => void;
  readonly look?: 'plain' | 'danger';
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

export function MenuItem({
  icon: Icon,
  onSelect,
  look = 'plain',
  disabled = false,
  children,
}: MenuItemProps): ReactNode {
  return (
    <Radix.Item
      onSelect={onSelect}
      disabled={disabled}
      className={classNames(ITEM, look === 'danger' && 'text-danger')}
    >
      {Icon !== undefined && <Icon aria-hidden="true" className="size-4 shrink-0" />}
      {children}
    </Radix.Item>
  );
}

interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}

/** One of several within a menu. */
export function MenuChoice<Value extends string>({
  label,
  value,
  choices,
  onChange,
}: MenuChoiceProps<Value>): ReactNode {
  return (
    // Radix gives back one of the values it was given.
    <Radix.RadioGroup value={value} onValueChange={(chosen) => onChange(chosen as Value)}>
      <Radix.Label className="px-2.5 pt-2 pb-1 text-xs font-medium text-faint">{label}</Radix.Label>
      {choices.map((choice) => (
        <Radix.RadioItem key={choice.value} value={choice.value} className={classNames(ITEM, 'pl-8')}>
          <Radix.ItemIndicator className="-ml-6">
            <Check aria-hidden="true" className="size-4 text-accent" />
          </Radix.ItemIndicator>
          {choice.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

interface MenuCheckProps {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

/** One of several that can be chosen at once: the menu stays open. */
export function MenuCheck({ label, isChecked, onChange }: MenuCheckProps): ReactNode {
  return (
    <Radix.CheckboxItem
      checked={isChecked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={classNames(ITEM, 'pl-8')}
    >
      <Radix.ItemIndicator className="-ml-6">
        <Check aria-hidden="true" className="size-4 text-accent" />
      </Radix.ItemIndicator>
      {label}
    </Radix.CheckboxItem>
  );
}

export function MenuSeparator(): ReactNode {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
