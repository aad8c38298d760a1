import { Video } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

export default function LivePage(): ReactNode {
  const text = useText('live');
  return (
    <Page title={text.title}>
      <EmptyState icon={Video} title={text.title} />
    </Page>
  );
}
