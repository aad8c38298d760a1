import type { explained as english } from '../en/explained.ts';

export const explained: typeof english = {
  live: 'Wie Bewegung erkannt wird',
  moment: 'Warum gab es ein Ereignis oder keines?',
  momentButton: 'Warum ein Ereignis oder keines',
  description: 'Was der Detektor aus jedem Bild macht: Quelle, was sich änderte, Maske, Umrisse.',
  score: 'Wert',
  needed: (score) => `${score} nötig`,
  motion: 'Bewegung',
  still: 'Keine Bewegung',
  waiting: 'Warten auf ein Bild …',
  looking: 'Die Aufnahme wird angesehen …',
  queued: 'Andere lassen sich gerade etwas erklären: dies wartet, bis es an der Reihe ist …',
  picture: 'Bild',
  graph: (highest, needed) =>
    `Werte der Bilder um diesen Augenblick: der höchste ist ${highest}, nötig sind ${needed}.`,
  toEvent: 'Zum Ereignis',
  toSettings: 'Einstellungen der Bewegung',
  verdicts: {
    event: (began, ended) => `Es gab ein Ereignis. Es begann um ${began} und endete um ${ended}.`,
    preRoll: (began) => `Dies ist von vor einem Ereignis, das um ${began} begann.`,
    notLooking: (mode) => `Auf Bewegung wurde nicht geachtet. Aufnahmemodus: ${mode}.`,
    policy: 'Für ein Ereignis bewegte sich nicht genug, darum wurde nichts aufgenommen.',
    notRecorded: 'Nichts wurde aufgenommen, darum kann nichts gezeigt werden.',
    tooLittle: (highest, needed) =>
      `Zu wenig bewegte sich: der höchste Wert um diesen Augenblick ist ${highest}, nötig sind ${needed}.`,
    enough: (highest, needed) =>
      `Mit den heutigen Einstellungen gibt es Bewegung (ein Wert von ${highest}, nötig sind ${needed}). Ein Ereignis gab es nicht: die Einstellungen oder der Modus waren damals andere, oder der Strom, den der Detektor ansieht, zeigte weniger davon.`,
    unknown: 'Es gab kein Ereignis.',
  },
  seen: {
    still: 'Damals sah der Detektor zu, und nichts bewegte sich.',
    moving: 'Damals sah der Detektor, dass sich etwas bewegte.',
    unwatched: 'Damals sah der Detektor nicht zu, oder es ist nicht mehr bekannt.',
  },
  otherStream:
    'Diese Bilder entstehen neu aus der Aufnahme, mit den heutigen Einstellungen. Live sieht der Detektor vielleicht einen kleineren Strom an.',
  problems: {
    failed: 'Die Aufnahme konnte nicht angesehen werden. Das Protokoll sagt, warum.',
    lost: 'Die Verbindung ging verloren.',
  },
  unreadable: (files) =>
    `Nicht gezeigt, weil es nicht gelesen werden konnte: ${files.join(', ')}. Das Protokoll sagt, warum.`,
  retry: 'Noch einmal',
};
