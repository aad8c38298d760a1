import type { app as english } from '../en/app.ts';

export const app: typeof english = {
  navigation: 'Haupt',
  skipToContent: 'Zum Inhalt',
  account: 'Konto',
  theme: 'Farben',
  themes: { system: 'Wie das System', dark: 'Dunkel', light: 'Hell' },
  language: 'Sprache',
  languages: { system: 'Wie der Browser', en: 'English', de: 'Deutsch' },
  signOut: 'Abmelden',
  serverLost: 'Die Verbindung zum Recorder ist weg. Neuer Versuch …',
  recorderLost: 'Der Recorder steht und wird wieder gestartet …',
  notFound: 'Diese Seite gibt es nicht.',
  toLive: 'Zu Live',
  broken: 'Diese Seite ist gescheitert.',
  reload: 'Neu laden',
};
