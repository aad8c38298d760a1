import type { SettingsAnswer, SettingsEdit } from '../../src/http/api/settings.ts';

export type NetworkPart = SettingsAnswer['web'];

/** As it stands in the fields. */
export interface NetworkForm {
  readonly listen: NetworkPart['listen'];
  readonly encryption: NetworkPart['encryption'];
  readonly port: string;
  readonly basePath: string;
  /** One a line. */
  readonly trustedProxies: string;
}

export function networkForm({
  listen,
  encryption,
  port,
  basePath,
  trustedProxies,
}: NetworkPart): NetworkForm {
  return { listen, encryption, port: String(port), basePath, trustedProxies: trustedProxies.join('\n') };
}

/** What is to be written so that the section `web` is as the form says; what stays is not touched. */
export function networkEdits(part: NetworkPart, form: NetworkForm): readonly SettingsEdit[] {
  const before = valuesOf(networkForm(part));
  return Object.entries(valuesOf(form))
    .filter(([option, value]) => JSON.stringify(value) !== JSON.stringify(before[option]))
    .map(([option, value]) => ({ kind: 'set', path: ['web', option], value }));
}

/** Whether the app gets another address: pages that are open do not find it there by themselves. */
export function isMoving(before: NetworkPart, form: NetworkForm): boolean {
  const [now, then] = [valuesOf(networkForm(before)), valuesOf(form)];
  return ['port', 'basePath', 'encryption'].some((option) => now[option] !== then[option]);
}

function valuesOf({
  listen,
  encryption,
  port,
  basePath,
  trustedProxies,
}: NetworkForm): Record<string, unknown> {
  return {
    listen,
    encryption,
    port: Number(port),
    basePath: pathOf(basePath),
    trustedProxies: trustedProxies.split(/[\s,;]+/).filter((one) => one !== ''),
  };
}

/** `/cams/home`, whatever slashes stand around it. */
function pathOf(written: string): string {
  const folders = written.trim().split('/');
  return folders.map((folder) => (folder === '' ? '' : `/${folder}`)).join('');
}

/**
 * Where the page is to be found when the web server has been started again.
 * @param here the present address.
 * @returns undefined where that is not known: a proxy stands between, which has its own, or a free port is taken.
 */
export function addressAfter(before: NetworkPart, form: NetworkForm, here: URL): URL | undefined {
  const portHere = here.port === '' ? (here.protocol === 'https:' ? '443' : '80') : here.port;
  const portThen = form.port.trim();
  if (portHere !== String(before.port) || Number(portThen) === 0) return undefined;
  const there = new URL(here);
  if (form.encryption === 'always') there.protocol = 'https:';
  if (form.encryption === 'never') there.protocol = 'http:';
  // Behind the scheme, whose own port (80, 443) an address does not keep.
  there.port = portThen;
  const { basePath } = networkForm(before);
  const { basePath: pathThen } = valuesOf(form) as { basePath: string };
  if (here.pathname.startsWith(`${basePath}/`))
    there.pathname = pathThen + here.pathname.slice(basePath.length);
  return there;
}
