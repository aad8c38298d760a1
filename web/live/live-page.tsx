import { Cctv } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useCameras } from '../api/cameras.ts';
import { useText } from '../text/text-provider.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { NOTHING_ARRANGED } from './arrangement.ts';
import { LiveView } from './live-view.tsx';
import { useArrangement } from './use-arrangement.ts';

export default function LivePage(): ReactNode {
  const text = useText('live');
  const cameras = useCameras();
  const arrangement = useArrangement();
  if (cameras.data === undefined) {
    return cameras.isError ? (
      <ErrorState error={cameras.error} onRetry={() => void cameras.refetch()} />
    ) : (
      <LoadingGrid />
    );
  }
  if (cameras.data.length === 0) {
    return (
      <EmptyState icon={Cctv} title={text.noCameras} action={<Link href="/settings">{text.toSettings}</Link>}>
        {text.noCamerasHint}
      </EmptyState>
    );
  }
  // Without an arrangement pictures are still worth more than a message, and stay while it is asked for again.
  if (!arrangement.isFetched) return <LoadingGrid />;
  return <LiveView statuses={cameras.data} arrangement={arrangement.data ?? NOTHING_ARRANGED} />;
}

function LoadingGrid(): ReactNode {
  return (
    <Loading>
      <div className="grid h-full grid-cols-1 gap-1 p-1 sm:grid-cols-2">
        <Skeleton />
        <Skeleton />
        <Skeleton />
        <Skeleton />
      </div>
    </Loading>
  );
}
