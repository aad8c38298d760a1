/** What an address of the live page holds. */
export interface LiveLink {
  /** The layout that is shown; undefined for all cameras. */
  readonly layout: string | undefined;
  /** The camera that is shown large. */
  readonly camera: string | undefined;
}

export function parseLiveLink(search: string): LiveLink {
  const parameters = new URLSearchParams(search);
  return { layout: parameters.get('layout') ?? undefined, camera: parameters.get('camera') ?? undefined };
}

/** The address within the app. */
export function liveLink({ layout, camera }: LiveLink): string {
  const parameters = new URLSearchParams();
  if (layout !== undefined) parameters.set('layout', layout);
  if (camera !== undefined) parameters.set('camera', camera);
  const search = parameters.toString();
  return search === '' ? '/live' : `/live?${search}`;
}
