import { Download, Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMay } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { useMomentFormat } from '../timeline/moment-format.ts';
import { usePlace } from '../timeline/timeline-api.ts';
import { List } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { ExportRow } from './export-row.tsx';
import { useExports } from './exports-api.ts';
import { NewExport } from './new-export.tsx';

export default function ExportsPage(): ReactNode {
  const text = useText('exports');
  const place = usePlace();
  const may = useMay('operator');
  if (!may) return <EmptyState icon={Lock} title={text.nothingForRole} />;
  return (
    <Page title={text.title}>
      {place.data !== undefined ? (
        <div className="flex grow flex-col gap-6">
          <NewExport place={place.data} />
          <Exports timeZone={place.data.timeZone} />
        </div>
      ) : place.isError ? (
        <ErrorState error={place.error} onRetry={() => void place.refetch()} />
      ) : (
        <LoadingExports />
      )}
    </Page>
  );
}

/** @param timeZone where the cameras are. */
function Exports({ timeZone }: { readonly timeZone: string }): ReactNode {
  const text = useText('exports');
  const format = useMomentFormat(timeZone);
  const { data, error, refetch } = useExports();
  if (data === undefined) {
    if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
    return <LoadingExports />;
  }
  if (data.length === 0) {
    return (
      <EmptyState icon={Download} title={text.none}>
        {text.noneHint}
      </EmptyState>
    );
  }
  return (
    <List label={text.title}>
      {data.map((job) => (
        <ExportRow key={job.id} job={job} format={format} />
      ))}
    </List>
  );
}

function LoadingExports(): ReactNode {
  return (
    <Loading>
      <Skeleton className="h-24" />
    </Loading>
  );
}
