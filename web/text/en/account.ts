export const account = {
  title: 'Account',
  signIn: 'Sign in',
  userName: 'User name',
  password: 'Password',
};
