import type { ReasonTexts } from '../../api/error-text.ts';

export const errors: ReasonTexts = {
  unreachable: () => 'Der Recorder antwortet nicht. Läuft er, und ist das Netz da?',
  silent: ({ limitMs }, format) =>
    `Der Recorder hat ${format.duration(limitMs)} lang nicht geantwortet. Läuft er, und ist das Netz da?`,
  status: ({ status }) => `Was vor dem Recorder steht, hat mit Status ${status} geantwortet.`,
  'server-failed': () => 'Im Server ist etwas schiefgegangen. Sein Log sagt, was.',
  'recorder-away': () =>
    'Der Recorder antwortet nicht: Er startet oder wurde beendet. Versuchen Sie es gleich noch einmal.',
  'index-away': () =>
    'Der Index der Aufnahmen lässt sich gerade nicht lesen. Versuchen Sie es gleich noch einmal.',
  gone: () => 'Das gibt es nicht mehr: Vielleicht hat es jemand gelöscht.',
  'no-camera': ({ camera }) => `Eine Kamera ${camera} gibt es nicht (mehr).`,

  'signed-out': () => 'Sie sind nicht mehr angemeldet.',
  forbidden: () => 'Ihr Konto darf das nicht.',
  'wrong-password': () => 'Name oder Passwort ist falsch.',
  'wrong-present-password': () => 'Das bisherige Passwort ist falsch.',
  throttled: ({ waitMs }, format) =>
    `Zu viele falsche Passwörter. Versuchen Sie es in ${format.duration(Math.max(1_000, waitMs))} noch einmal.`,
  busy: () => 'Gerade melden sich zu viele an. Versuchen Sie es in einigen Sekunden noch einmal.',
  'no-setup': () =>
    'Dieser Link gilt nicht mehr: Er wurde benutzt, oder der Recorder wurde neu gestartet und hat einen anderen ausgegeben.',
  'bad-name': () =>
    'Ein Name hat 1 bis 64 Buchstaben, Ziffern, Leerzeichen oder . _ @ - und beginnt und endet mit einem Buchstaben oder einer Ziffer.',
  'name-taken': () => 'Diesen Namen gibt es schon.',
  'password-length': ({ least, most }) => `Ein Passwort hat ${least} bis ${most} Zeichen.`,
  'password-guessable': () => 'Dieses Passwort wäre sofort erraten: Wählen Sie ein anderes.',
  'last-admin': () =>
    'Das ist der einzige Verwalter: Ohne einen könnte niemand Konten verwalten. Legen Sie erst einen anderen an.',
  'beyond-owner': () => 'Ein Token kann nicht mehr tun oder sehen als, wer es anlegt.',
  'too-many-tokens': () => 'Sie haben so viele Token, wie es geben darf: Löschen Sie erst eines.',

  'no-footage': () => 'Von diesem Ereignis gibt es keine Aufnahmen mehr.',
  'recording-gone': () => 'Die Aufnahme ist nicht da: Vielleicht wurde sie gelöscht.',
  'recording-damaged': () => 'Die Aufnahme ist dort beschädigt.',
  'no-picture': () => 'Die Kamera sendet gerade kein Bild: Sie ist weg oder verbindet sich.',
  'picture-failed': () => 'Das Bild ließ sich gerade nicht machen. Versuchen Sie es gleich noch einmal.',
  'not-of-event': () => 'Von diesem Augenblick zeigt das Ereignis nichts.',
  'event-goes-on': () => 'Das Ereignis dauert noch an: Es lässt sich löschen, wenn es zu Ende ist.',
  'event-kept': () => 'Das Ereignis wird behalten: Heben Sie das auf, dann lässt es sich löschen.',
  'events-full': () => 'Es ließ sich kein weiteres Ereignis beginnen: Zu viele werden offen gehalten.',

  'end-before-begin': () => 'Das Ende muss nach dem Anfang liegen.',
  'too-fine': () => 'Für so lange Zeit ist das zu fein: Wählen Sie weniger davon.',
  'log-missing': ({ path }) =>
    `Ein Log ${path} gibt es noch nicht. Nennt log.path in der Konfiguration die Datei, die der Recorder schreibt, und ist ihr Datenträger da?`,
  'log-unreadable': ({ path }) =>
    `Das Log ${path} lässt sich nicht lesen: Der Benutzer des Recorders braucht das Recht dazu.`,
  'span-too-long': ({ mostMs }, format) =>
    `Höchstens ${format.duration(mostMs)} auf einmal: Wählen Sie weniger.`,
  'exports-full': ({ mostBytes }, format) =>
    `Die aufgehobenen Exporte nehmen ${format.bytes(mostBytes)} ein: Löschen Sie erst einige.`,
  'exports-waiting': () => 'Zu viele Exporte warten: Warten Sie, bis einige fertig sind.',
  'downloads-busy': () => 'Es werden schon andere Clips geladen: Versuchen Sie es gleich noch einmal.',

  'settings-changed': () =>
    'Die Konfiguration wurde inzwischen geändert, von Hand oder von jemand anderem: Sehen Sie sie noch einmal an, dann ändern Sie sie.',
  'settings-read-only': () => 'Die Konfigurationsdatei lässt sich nicht schreiben.',
  'settings-unusable': ({ problem }) =>
    `Die Konfiguration ist so nicht brauchbar, es gilt die vorige: ${problem}`,
  'expected-address': () => 'Erwartet wird die Adresse einer Kamera, etwa rtsp://192.168.1.20/stream1.',
  'expected-at-least': ({ leastMs }, format) =>
    `Mindestens ${format.exactDuration(leastMs)}, wegen eines anderen Feldes.`,
  'expected-at-most': ({ mostMs }, format) =>
    `Höchstens ${format.exactDuration(mostMs)}, wegen eines anderen Feldes.`,
  'expected-choice': ({ choices }) => `Erwartet wird eines von ${choices.join(', ')}.`,
  'expected-duration': ({ leastMs, mostMs }, format) =>
    `Erlaubt sind ${format.exactDuration(leastMs)} bis ${format.exactDuration(mostMs)}.`,
  'expected-name': () =>
    'Ein Name hat 1 bis 64 Buchstaben (a bis z, keine Umlaute), Ziffern, Leerzeichen oder _ . - und beginnt weder mit Leerzeichen noch mit Punkt.',
  'expected-number': ({ least, most }, format) =>
    `Erlaubt ist eine Zahl von ${format.decimal(least)} bis ${format.decimal(most)}.`,
  'expected-size': ({ leastBytes, mostBytes }, format) =>
    `Erlaubt sind ${format.bytes(leastBytes)} bis ${format.bytes(mostBytes)}.`,
  'expected-whole-number': ({ least, most }, format) =>
    `Erlaubt ist eine ganze Zahl von ${format.decimal(least)} bis ${format.decimal(most)}.`,
  'port-taken': ({ port }) => `Den Port ${port} benutzt schon etwas anderes: Wählen Sie einen anderen.`,
  'port-forbidden': ({ port }) => `Den Port ${port} darf nur root benutzen: Wählen Sie einen ab 1024.`,
  'file-address': () =>
    'Eine Datei dieses Rechners lässt sich nur in der Konfigurationsdatei als Kamera eintragen.',
  'forbidden-address': () => 'An dieser Adresse kann keine Kamera sein.',
  'tests-busy': () => 'Es werden schon andere Kameras geprüft: Versuchen Sie es gleich noch einmal.',
  // What the camera itself has said helps those who know it.
  'test-failed': ({ failure, detail }) => `${FAILURES[failure]} (${detail})`,
  'trial-busy': () =>
    'Es werden schon andere Einstellungen ausprobiert: Warten Sie das ab, oder brechen Sie es ab.',
};

const FAILURES = {
  connect: 'An dieser Adresse antwortet nichts. Ist die Kamera an, und stimmen Adresse und Port?',
  timeout: 'Die Kamera hat nicht rechtzeitig geantwortet.',
  stall: 'Die Kamera antwortet, schickt aber keine Bilder.',
  auth: 'Die Kamera verlangt einen anderen Benutzernamen oder ein anderes Passwort.',
  refused: 'Die Kamera antwortet, gibt diesen Stream aber nicht her. Stimmt der Pfad der Adresse?',
  unsupported: 'An dieser Adresse ist nichts, was sich aufzeichnen ließe.',
  other: 'Die Kamera ließ sich nicht prüfen.',
};
