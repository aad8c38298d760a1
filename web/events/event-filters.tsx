import { useEffect, useState, type ReactNode } from 'react';
import { useCameraNames } from '../api/cameras.ts';
import { useText } from '../text/text-provider.tsx';
import { useCauseText } from '../timeline/cause-text.ts';
import { SegmentedControl } from '../ui/segmented-control.tsx';
import type { EventFilter } from './event-filter.ts';

interface EventFiltersProps {
  readonly filter: EventFilter;
  /** Those that the events on show have, beside the usual ones. */
  readonly causes: readonly string[];
  readonly onChange: (filter: EventFilter) => void;
}

const USUAL_CAUSES = ['motion', 'manual', 'schedule', 'unwatched'];
const FIELD = 'min-h-9 rounded-md border border-control bg-surface px-2 pointer-coarse:min-h-11';
const TYPED_MS = 300;

export function EventFilters({ filter, causes, onChange }: EventFiltersProps): ReactNode {
  const text = useText('events');
  const causeText = useCauseText();
  const cameras = useCameraNames().data ?? [];
  const known = [...new Set([...cameras, filter.camera])].filter((name) => name !== '');
  const allCauses = [...new Set([...USUAL_CAUSES, ...causes, filter.cause])].filter((cause) => cause !== '');
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SegmentedControl
        label={text.show}
        value={filter.show}
        choices={[
          { value: 'all', label: text.all },
          { value: 'unseen', label: text.unseen },
          { value: 'kept', label: text.kept },
        ]}
        onChange={(show) => onChange({ ...filter, show })}
      />
      <select
        aria-label={text.camera}
        value={filter.camera}
        onChange={({ target }) => onChange({ ...filter, camera: target.value })}
        className={FIELD}
      >
        <option value="">{text.allCameras}</option>
        {known.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        aria-label={text.cause}
        value={filter.cause}
        onChange={({ target }) => onChange({ ...filter, cause: target.value })}
        className={FIELD}
      >
        <option value="">{text.allCauses}</option>
        {allCauses.map((cause) => (
          <option key={cause} value={cause}>
            {causeText(cause)}
          </option>
        ))}
      </select>
      <input
        type="date"
        aria-label={text.day}
        value={filter.day}
        onChange={({ target }) => onChange({ ...filter, day: target.value })}
        className={FIELD}
      />
      <NoteSearch
        key={filter.text}
        text={filter.text}
        onChange={(words) => onChange({ ...filter, text: words })}
      />
    </search>
  );
}

/** Searches when nothing was typed for a moment. */
function NoteSearch({
  text: searched,
  onChange,
}: {
  readonly text: string;
  readonly onChange: (text: string) => void;
}): ReactNode {
  const text = useText('events');
  const [typed, setTyped] = useState(searched);
  useEffect(() => {
    if (typed === searched) return undefined;
    const timer = setTimeout(() => onChange(typed), TYPED_MS);
    return () => clearTimeout(timer);
  });
  return (
    <input
      type="search"
      aria-label={text.search}
      placeholder={text.search}
      value={typed}
      maxLength={200}
      onChange={({ target }) => setTyped(target.value)}
      className={`${FIELD} w-36`}
    />
  );
}
