import type { ReactNode } from 'react';
import { useSession } from '../api/session.ts';
import { languageChoice } from '../preferences/language.ts';
import { theme } from '../preferences/theme.ts';
import { useChoice } from '../preferences/use-choice.ts';
import { useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Page } from '../ui/page.tsx';
import { Section } from '../ui/section.tsx';
import { SegmentedControl } from '../ui/segmented-control.tsx';
import { PasswordSection } from './password-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { TokensSection } from './tokens-section.tsx';

/** What everybody may change about himself. */
export default function AccountPage(): ReactNode {
  const text = useText('account');
  const { user } = useSession();
  return (
    <Page
      title={text.title}
      actions={<Badge tone="accent">{`${user.name} · ${text.roles[user.role]}`}</Badge>}
    >
      <AppearanceSection />
      <PasswordSection />
      <SessionsSection />
      <TokensSection />
    </Page>
  );
}

function AppearanceSection(): ReactNode {
  const app = useText('app');
  const text = useText('account');
  const [chosenTheme, setTheme] = useChoice(theme);
  const [chosenLanguage, setLanguage] = useChoice(languageChoice);
  return (
    <Section title={text.appearance.title} description={text.appearance.description}>
      <div className="flex flex-wrap gap-x-6 gap-y-3">
        <SegmentedControl
          label={app.theme}
          value={chosenTheme}
          choices={theme.values.map((value) => ({ value, label: app.themes[value] }))}
          onChange={setTheme}
        />
        <SegmentedControl
          label={app.language}
          value={chosenLanguage}
          choices={languageChoice.values.map((value) => ({ value, label: app.languages[value] }))}
          onChange={setLanguage}
        />
      </div>
    </Section>
  );
}
