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
  connections: {
    'server-lost': 'Die Verbindung zum Recorder ist weg. Neuer Versuch …',
    'recorder-lost': 'Der Recorder steht und wird wieder gestartet …',
    'sockets-refused':
      'Der Recorder antwortet, gibt aber keine dauernde Verbindung. Ein Reverse-Proxy davor muss WebSockets weitergeben, und Host oder X-Forwarded-Host (web.trustedProxies).',
  },
  notFound: 'Diese Seite gibt es nicht.',
  toLive: 'Zu Live',
  broken: 'Diese Seite ist gescheitert.',
  reload: 'Neu laden',
};
