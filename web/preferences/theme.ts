import { storedChoice } from './stored-choice.ts';

/** `system` follows the operating system's. */
export const theme = storedChoice('theme', ['system', 'dark', 'light'], 'system');

/** Shows the chosen theme from now on: `ui/theme.css` follows the attribute. */
export function applyTheme(): void {
  const apply = (): void => {
    document.documentElement.dataset['theme'] = theme.get();
  };
  apply();
  theme.subscribe(apply);
}
