import type { logs as english } from '../en/logs.ts';

export const logs: typeof english = {
  level: 'Wichtigkeit',
  from: { debug: 'Alle Zeilen', info: 'Ab Info', warn: 'Ab Warnungen', error: 'Nur Fehler' },
  levels: { debug: 'Debug', info: 'Info', warn: 'Warnung', error: 'Fehler' },
  camera: 'Kamera',
  everything: 'Alle',
  text: 'Enthält',
  follow: 'Mitlesen',
  download: 'Herunterladen',
  lines: 'Zeilen des Logs',
  none: 'Keine solche Zeile im Log',
  looking: 'Ältere Zeilen werden durchsucht …',
  paused: 'Liest weiter mit, wenn die neueste Zeile zu sehen ist.',
};
