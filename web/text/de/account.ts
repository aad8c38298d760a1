import type { account as english } from '../en/account.ts';

export const account: typeof english = {
  title: 'Konto',
  signIn: 'Anmelden',
  userName: 'Benutzername',
  password: 'Passwort',
  passwordHint: 'Mindestens 10 Zeichen. Am besten einige Wörter, auf die niemand kommt.',
  setup: {
    title: 'Willkommen',
    introduction: 'Wählen Sie Name und Passwort der Verwaltung. Vorher wird nichts ins Netz gegeben.',
    action: 'Einrichten',
  },
};
