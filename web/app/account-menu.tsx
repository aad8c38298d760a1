import { CircleUserRound, LogOut, UserCog } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useErrorText } from '../api/error-text.ts';
import { useSession, useSignOut } from '../api/session.ts';
import { languageChoice } from '../preferences/language.ts';
import { theme } from '../preferences/theme.ts';
import { useChoice } from '../preferences/use-choice.ts';
import { useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { useToast } from '../ui/toasts.tsx';
import { PLACE } from './navigation.tsx';

/** Who is signed in, how the app looks and speaks, and signing out. */
export function AccountMenu(): ReactNode {
  const text = useText('app');
  const { user } = useSession();
  const [chosenTheme, setTheme] = useChoice(theme);
  const [chosenLanguage, setLanguage] = useChoice(languageChoice);
  const [location, goTo] = useLocation();
  const signOut = useSignOut();
  const toast = useToast();
  const errorText = useErrorText();
  return (
    <Menu
      side="top"
      align="end"
      trigger={
        <button
          type="button"
          className={classNames(
            PLACE,
            location.startsWith('/account') ? 'text-accent' : 'text-muted hover:text-text sm:hover:bg-hover',
          )}
        >
          <CircleUserRound aria-hidden="true" className="size-5" strokeWidth={1.75} />
          <span className="sm:hidden">{text.account}</span>
          <span className="max-w-16 truncate px-0.5 max-sm:hidden">{user.name}</span>
        </button>
      }
    >
      <MenuItem icon={UserCog} onSelect={() => goTo('/account')}>
        {text.account}
      </MenuItem>
      <MenuSeparator />
      <MenuChoice
        label={text.theme}
        value={chosenTheme}
        choices={theme.values.map((value) => ({ value, label: text.themes[value] }))}
        onChange={setTheme}
      />
      <MenuSeparator />
      <MenuChoice
        label={text.language}
        value={chosenLanguage}
        choices={languageChoice.values.map((value) => ({ value, label: text.languages[value] }))}
        onChange={setLanguage}
      />
      <MenuSeparator />
      <MenuItem
        icon={LogOut}
        onSelect={() => {
          signOut().catch((error: unknown) => toast(errorText(error), 'error'));
        }}
      >
        {text.signOut}
      </MenuItem>
    </Menu>
  );
}
