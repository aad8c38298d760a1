import type { network as english } from '../en/network.ts';

export const network: typeof english = {
  reach: 'Wie die App zu erreichen ist',
  reachHint:
    'Was hier geändert wird, gilt sofort: Der Webserver wird neu gestartet, was ein, zwei Sekunden dauert. Die Aufzeichnung bleibt unberührt.',
  fields: {
    listen: 'Erreichbar für',
    port: 'Port',
    encryption: 'Verschlüsselung',
    basePath: 'Pfad',
    trustedProxies: 'Vertraute Proxys',
  },
  listen: { lan: 'Das Netz', loopback: 'Nur diesen Rechner' },
  listenHints: {
    lan: 'Jeder Rechner im Netz kommt zur Anmeldeseite.',
    loopback: 'Ein Browser auf dem Rechner des Recorders oder ein Reverse-Proxy dort.',
    off: 'Niemanden.',
  },
  portHint: '8470, wenn nichts anderes gesagt ist; 0 nimmt einen freien, den das Log nennt.',
  encryption: { lan: 'Im Netz', always: 'Immer', never: 'Nie' },
  encryptionHints: {
    lan: 'HTTPS von anderen Rechnern; von diesem und von vertrauten Proxys auch HTTP.',
    always: 'Nur HTTPS, auch auf diesem Rechner.',
    never: 'Nur HTTP: Passwörter und Bilder lassen sich im Netz mitlesen.',
  },
  selfMade:
    'Das Zertifikat ist selbst gemacht: Browser warnen einmal davor. Ein eigenes wird in der Konfigurationsdatei genannt (web.certificate, web.key).',
  certificate: (path) => `Das Zertifikat ist ${path}, in der Konfigurationsdatei genannt.`,
  proxy: 'Hinter einem Reverse-Proxy',
  proxyHint: 'Nur, wo ein Proxy vor der App steht.',
  basePathHint: 'Damit beginnt jede Adresse, die der Proxy weitergibt. Leer, wo er das abschneidet.',
  trustedProxiesHint:
    'Adressen oder Netze, eines je Zeile. Was diese über Absender, Schema und Pfad sagen, wird geglaubt.',
  confirmTitle: 'Den Webserver neu starten?',
  confirmHint: 'Die Seiten aller, die zusehen, sind kurz ohne Verbindung und finden sie von selbst wieder.',
  confirmMoving:
    'Die App bekommt eine andere Adresse: Offene Seiten verlieren sie und finden sie nicht von selbst wieder.',
  confirmLoopback:
    'Danach ist die App nur auf dem Rechner des Recorders zu erreichen. Wer an einem anderen sitzt, ist ausgesperrt, bis die Konfigurationsdatei etwas anderes sagt.',
  confirm: 'Speichern und neu starten',
  saved: 'Gespeichert. Der Webserver wird neu gestartet.',
  moved: 'Die App zieht um',
  movedHint: 'In ein, zwei Sekunden ist sie hier:',
};
