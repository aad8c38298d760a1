export const settings = {
  title: 'Settings',
  nothingForRole: 'Your account may not change settings.',
  back: 'All settings',
  sections: { cameras: 'Cameras', users: 'Users', audit: 'Audit log' },
};
