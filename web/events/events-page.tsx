import { Film } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

export default function EventsPage(): ReactNode {
  const text = useText('events');
  return (
    <Page title={text.title}>
      <EmptyState icon={Film} title={text.title} />
    </Page>
  );
}
