export const network = {
  reach: 'How the app is reached',
  reachHint:
    'What is changed here applies at once: the web server is started again, which takes a second or two. Recording is not touched.',
  fields: {
    listen: 'Reached from',
    port: 'Port',
    encryption: 'Encryption',
    basePath: 'Path',
    trustedProxies: 'Trusted proxies',
  },
  listen: { lan: 'The network', loopback: 'This machine only' },
  listenHints: {
    lan: 'Every machine of the network reaches the sign-in page.',
    loopback: 'A browser on the machine of the recorder, or a reverse proxy there.',
    off: 'Nobody.',
  },
  portHint: '8470 unless something else is said; 0 takes a free one, which the log tells.',
  encryption: { lan: 'In the network', always: 'Always', never: 'Never' },
  encryptionHints: {
    lan: 'HTTPS from other machines; from this one and from trusted proxies HTTP, too.',
    always: 'HTTPS only, on this machine, too.',
    never: 'HTTP only: passwords and pictures can be read in the network.',
  },
  selfMade:
    'The certificate is self-made: browsers warn of it once. One of your own is named in the configuration file (web.certificate, web.key).',
  certificate: (path: string) => `The certificate is ${path}, which is named in the configuration file.`,
  proxy: 'Behind a reverse proxy',
  proxyHint: 'Only where a proxy stands before the app.',
  basePathHint: 'With which each address begins that the proxy passes on. Empty where it cuts that off.',
  trustedProxiesHint:
    'Addresses or networks, one a line. What these say of the sender, the scheme and the path is believed.',
  confirmTitle: 'Start the web server again?',
  confirmHint:
    'The pages of all who look are without a connection for a moment, and find it again by themselves.',
  confirmMoving:
    'The app gets another address: pages that are open lose it, and do not find it again by themselves.',
  confirmLoopback:
    'After that the app is reached from the machine of the recorder only. Whoever sits at another one is locked out until the configuration file says something else.',
  confirm: 'Save and start again',
  saved: 'Saved. The web server is started again.',
  moved: 'The app is moving',
  movedHint: 'In a second or two it is here:',
};
