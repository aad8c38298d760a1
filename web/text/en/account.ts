export const account = {
  title: 'Account',
  signIn: 'Sign in',
  userName: 'User name',
  password: 'Password',
  passwordHint: 'At least 10 characters. A few words that nobody would guess are best.',
  setup: {
    title: 'Welcome',
    introduction:
      'Choose the name and the password of the administrator. Nothing is served to the network before.',
    action: 'Set up',
  },
};
