import type { ReactNode } from 'react';
import { Loading, Skeleton } from '../ui/states.tsx';

export function LoadingEvents(): ReactNode {
  return (
    <Loading>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-3 p-3">
        {Array.from({ length: 12 }, (_, i) => (
          <Skeleton key={i} className="aspect-video" />
        ))}
      </div>
    </Loading>
  );
}
