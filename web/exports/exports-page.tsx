import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

export default function ExportsPage(): ReactNode {
  const text = useText('exports');
  return (
    <Page title={text.title}>
      <EmptyState icon={Download} title={text.title} />
    </Page>
  );
}
