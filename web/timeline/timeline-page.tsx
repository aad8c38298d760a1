import { Cctv } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { useText } from '../text/text-provider.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { TimelineView } from './timeline-view.tsx';
import { usePlace } from './timeline-api.ts';
import { parseMomentLink } from './moment-link.ts';

export default function TimelinePage(): ReactNode {
  const text = useText('timeline');
  const search = useSearch();
  const place = usePlace();
  if (place.isError && place.data === undefined) {
    return <ErrorState error={place.error} onRetry={() => void place.refetch()} />;
  }
  if (place.data === undefined) {
    return (
      <Loading>
        <div className="flex h-full flex-col gap-2 p-2">
          <Skeleton className="grow" />
          <Skeleton className="h-32" />
        </div>
      </Loading>
    );
  }
  if (place.data.cameras.length === 0) {
    return (
      <EmptyState icon={Cctv} title={text.noCameras} action={<Link href="/settings">{text.toSettings}</Link>}>
        {text.noCamerasHint}
      </EmptyState>
    );
  }
  return <TimelineView place={place.data} link={parseMomentLink(search)} />;
}
