import type { settings as english } from '../en/settings.ts';

export const settings: typeof english = {
  title: 'Einstellungen',
  nothingForRole: 'Ihr Konto darf keine Einstellungen ändern.',
  back: 'Alle Einstellungen',
  sections: { cameras: 'Kameras', users: 'Benutzer', audit: 'Protokoll' },
};
