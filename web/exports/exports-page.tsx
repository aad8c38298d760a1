import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { List } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { ExportRow } from './export-row.tsx';
import { useExports } from './exports-api.ts';
import { NewExport } from './new-export.tsx';

export default function ExportsPage(): ReactNode {
  const text = useText('exports');
  return (
    <Page title={text.title}>
      <div className="flex grow flex-col gap-6">
        <NewExport />
        <Exports />
      </div>
    </Page>
  );
}

function Exports(): ReactNode {
  const text = useText('exports');
  const { data, error, refetch } = useExports();
  if (data === undefined) {
    if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
    return (
      <Loading>
        <Skeleton className="h-24" />
      </Loading>
    );
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
        <ExportRow key={job.id} job={job} />
      ))}
    </List>
  );
}
