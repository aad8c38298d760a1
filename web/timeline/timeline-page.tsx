import { Rows3 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

export default function TimelinePage(): ReactNode {
  const text = useText('timeline');
  return (
    <Page title={text.title}>
      <EmptyState icon={Rows3} title={text.title} />
    </Page>
  );
}
