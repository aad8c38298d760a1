import { Video } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

export default function CamerasSection(): ReactNode {
  const text = useText('settings');
  return (
    <Page title={text.sections.cameras}>
      <EmptyState icon={Video} title={text.sections.cameras} />
    </Page>
  );
}
