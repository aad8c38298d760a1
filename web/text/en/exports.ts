export const exports = {
  title: 'Exports',
};
