import type { ui as english } from '../en/ui.ts';

export const ui: typeof english = {
  close: 'Schließen',
  cancel: 'Abbrechen',
  dismiss: 'Ausblenden',
  loading: 'Wird geladen …',
  keys: 'Tasten',
  retry: 'Noch einmal versuchen',
  showPassword: 'Passwort zeigen',
  hidePassword: 'Passwort verbergen',
};
