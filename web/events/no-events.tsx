import { CheckCheck, Film } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/states.tsx';
import { isFiltered, type EventFilter } from './event-filter.ts';

interface NoEventsProps {
  readonly filter: EventFilter;
  readonly onClear: () => void;
}

/** That a filter lets nothing through, or that there is nothing. */
export function NoEvents({ filter, onClear }: NoEventsProps): ReactNode {
  const text = useText('events');
  if (!isFiltered(filter)) {
    return (
      <EmptyState icon={Film} title={text.none}>
        {text.noneHint}
      </EmptyState>
    );
  }
  const areAllSeen = filter.show === 'unseen' && !isFiltered({ ...filter, show: 'all' });
  return (
    <EmptyState
      icon={areAllSeen ? CheckCheck : Film}
      title={areAllSeen ? text.noneUnseen : text.noneFound}
      action={<Button onClick={onClear}>{text.clearFilter}</Button>}
    />
  );
}
