export const logs = {
  level: 'Importance',
  from: { debug: 'All lines', info: 'From info', warn: 'From warnings', error: 'Errors only' },
  levels: { debug: 'debug', info: 'info', warn: 'warning', error: 'error' },
  camera: 'Camera',
  everything: 'All',
  text: 'Contains',
  follow: 'Follow',
  download: 'Download',
  lines: 'Lines of the log',
  none: 'No line of the log is like that',
  looking: 'Looking through older lines …',
  paused: 'Follows on when the newest line is in sight.',
};
