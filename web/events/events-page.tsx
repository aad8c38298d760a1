import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { usePlace } from '../timeline/timeline-api.ts';
import { Page } from '../ui/page.tsx';
import { ErrorState } from '../ui/states.tsx';
import { LoadingEvents } from './loading-events.tsx';
import { EventsView } from './events-view.tsx';

export default function EventsPage(): ReactNode {
  const text = useText('events');
  const place = usePlace();
  if (place.data !== undefined) return <EventsView place={place.data} />;
  return (
    <Page title={text.title} width="full">
      {place.isError ? (
        <ErrorState error={place.error} onRetry={() => void place.refetch()} />
      ) : (
        <LoadingEvents />
      )}
    </Page>
  );
}
