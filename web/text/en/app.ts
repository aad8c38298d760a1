export const app = {
  navigation: 'Main',
  skipToContent: 'Skip to content',
  account: 'Account',
  theme: 'Theme',
  themes: { system: 'As the system', dark: 'Dark', light: 'Light' },
  language: 'Language',
  languages: { system: 'As the browser', en: 'English', de: 'Deutsch' },
  signOut: 'Sign out',
  reconnecting: 'The connection to the recorder is lost. Trying again …',
  notFound: 'There is no such page.',
  toLive: 'Go to Live',
  broken: 'This page has failed.',
  reload: 'Load it again',
  errors: {
    unreachable: 'The recorder does not answer. Is it running, and is the network there?',
    forbidden: 'Your account may not do this.',
  },
};
