import { ChevronDown, Search, X } from 'lucide-react';
import { useEffect, useState, type ComponentProps, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { useCauseText } from '../timeline/cause-text.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { CONTROL } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuCheck, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { SegmentedControl } from '../ui/segmented-control.tsx';
import { isFiltered, parseFilter, type EventFilter } from './event-filter.ts';

interface FilterBarProps {
  readonly filter: EventFilter;
  readonly cameras: readonly string[];
  /** Of the events that are loaded. */
  readonly causes: readonly string[];
  readonly zones: readonly string[];
  readonly onChange: (filter: EventFilter) => void;
  /** Where it stands. */
  readonly className: string;
}

const ANY = '*';
const SHOWS = ['all', 'unseen', 'kept'] as const;
const TYPED_AFTER_MS = 350;

export function FilterBar({
  filter,
  cameras,
  causes,
  zones,
  onChange,
  className,
}: FilterBarProps): ReactNode {
  const text = useText('events');
  const causeText = useCauseText();
  const set = (changed: Partial<EventFilter>): void => onChange({ ...filter, ...changed });
  return (
    <search
      className={classNames(
        'flex min-w-0 items-center gap-x-1 overflow-x-auto py-1 sm:flex-wrap sm:gap-y-1.5',
        className,
      )}
    >
      <SegmentedControl
        label={text.show}
        value={filter.show}
        choices={SHOWS.map((value) => ({ value, label: text.shown[value] }))}
        onChange={(show) => set({ show })}
      />
      {cameras.length > 1 && (
        <CamerasMenu all={cameras} chosen={filter.cameras} onChange={(chosen) => set({ cameras: chosen })} />
      )}
      <ChoiceMenu
        label={text.cause}
        any={text.anyCause}
        value={filter.cause}
        values={withChosen(causes, filter.cause)}
        nameOf={causeText}
        onChange={(cause) => set({ cause })}
      />
      {(zones.length > 0 || filter.zone !== undefined) && (
        <ChoiceMenu
          label={text.zone}
          any={text.anyZone}
          value={filter.zone}
          values={withChosen(zones, filter.zone)}
          nameOf={(zone) => zone}
          onChange={(zone) => set({ zone })}
        />
      )}
      <span className="w-38 shrink-0">
        <input
          type="date"
          aria-label={text.day}
          title={text.day}
          value={filter.day ?? ''}
          onChange={(change) => set({ day: change.target.value || undefined })}
          className={CONTROL}
        />
      </span>
      <NoteSearch value={filter.text ?? ''} onChange={(typed) => set({ text: typed || undefined })} />
      {isFiltered(filter) && (
        <IconButton icon={X} label={text.clearFilter} onClick={() => onChange(parseFilter(''))} />
      )}
    </search>
  );
}

function withChosen(values: readonly string[], chosen: string | undefined): readonly string[] {
  return chosen === undefined || values.includes(chosen) ? values : [...values, chosen];
}

interface CamerasMenuProps {
  readonly all: readonly string[];
  /** Empty: all. */
  readonly chosen: readonly string[];
  readonly onChange: (cameras: readonly string[]) => void;
}

function CamerasMenu({ all, chosen, onChange }: CamerasMenuProps): ReactNode {
  const text = useText('events');
  const [first] = chosen;
  const known = [...all, ...chosen.filter((camera) => !all.includes(camera))];
  const toggle = (camera: string, isOn: boolean): void => {
    const cameras = known.filter((one) => (one === camera ? isOn : chosen.includes(one)));
    onChange(cameras.length === known.length ? [] : cameras);
  };
  return (
    <Menu
      trigger={
        <FilterButton isOn={first !== undefined}>
          {first === undefined ? text.allCameras : chosen.length === 1 ? first : text.cameras(chosen.length)}
        </FilterButton>
      }
    >
      <MenuItem onSelect={() => onChange([])}>{text.allCameras}</MenuItem>
      <MenuSeparator />
      {known.map((camera) => (
        <MenuCheck
          key={camera}
          label={camera}
          isChecked={chosen.includes(camera)}
          onChange={(isOn) => toggle(camera, isOn)}
        />
      ))}
    </Menu>
  );
}

interface ChoiceMenuProps {
  readonly label: string;
  readonly any: string;
  readonly value: string | undefined;
  readonly values: readonly string[];
  readonly nameOf: (value: string) => string;
  readonly onChange: (value: string | undefined) => void;
}

function ChoiceMenu({ label, any, value, values, nameOf, onChange }: ChoiceMenuProps): ReactNode {
  return (
    <Menu
      trigger={
        <FilterButton isOn={value !== undefined}>{value === undefined ? any : nameOf(value)}</FilterButton>
      }
    >
      <MenuChoice
        label={label}
        value={value ?? ANY}
        choices={[{ value: ANY, label: any }, ...values.map((one) => ({ value: one, label: nameOf(one) }))]}
        onChange={(chosen) => onChange(chosen === ANY ? undefined : chosen)}
      />
    </Menu>
  );
}

interface FilterButtonProps extends ComponentProps<'button'> {
  readonly isOn: boolean;
}

function FilterButton({ isOn, children, ...rest }: FilterButtonProps): ReactNode {
  return (
    <Button look="quiet" className={classNames('px-2', isOn && 'text-accent')} {...rest}>
      <span className="max-w-40 truncate">{children}</span>
      <ChevronDown aria-hidden="true" className="size-4 text-faint" />
    </Button>
  );
}

function NoteSearch({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const text = useText('events');
  const [typed, setTyped] = useState(value);
  const [before, setBefore] = useState(value);
  if (before !== value) {
    setBefore(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), TYPED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <span className="relative min-w-36 grow basis-36 sm:max-w-56">
      <Search aria-hidden="true" className="absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-faint" />
      <input
        type="search"
        aria-label={text.search}
        placeholder={text.search}
        value={typed}
        onChange={(change) => setTyped(change.target.value)}
        className={classNames(CONTROL, 'pl-8')}
      />
    </span>
  );
}
