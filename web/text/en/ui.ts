export const ui = {
  close: 'Close',
  cancel: 'Cancel',
  dismiss: 'Dismiss',
  loading: 'Loading …',
  keys: 'Keys',
  retry: 'Try again',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
};
