export const app = {
  navigation: 'Main',
  skipToContent: 'Skip to content',
  account: 'Account',
  theme: 'Theme',
  themes: { system: 'As the system', dark: 'Dark', light: 'Light' },
  language: 'Language',
  languages: { system: 'As the browser', en: 'English', de: 'Deutsch' },
  signOut: 'Sign out',
  connections: {
    'server-lost': 'The connection to the recorder is lost. Trying again …',
    'recorder-lost': 'The recorder has stopped and is being started again …',
    'sockets-refused':
      'The recorder answers, but gives no lasting connection. A reverse proxy before it has to pass on WebSockets, and Host or X-Forwarded-Host (web.trustedProxies).',
  },
  notFound: 'There is no such page.',
  toLive: 'Go to Live',
  broken: 'This page has failed.',
  reload: 'Load it again',
};
