import { Settings2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

export default function SettingsPage(): ReactNode {
  const text = useText('settings');
  return (
    <Page title={text.title}>
      <EmptyState icon={Settings2} title={text.title} />
    </Page>
  );
}
