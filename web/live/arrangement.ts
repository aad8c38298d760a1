import type { Arrangement, Layout } from '../../src/http/api/layouts.ts';

export const NOTHING_ARRANGED: Arrangement = { order: [], layouts: [] };

/** The cameras of a layout (of all where it is undefined) in their order; of those that there are. */
export function camerasOf(
  { order, layouts }: Arrangement,
  layoutName: string | undefined,
  all: readonly string[],
): readonly string[] {
  const layout = layoutNamed(layouts, layoutName);
  if (layout !== undefined) return layout.cameras.filter((camera) => all.includes(camera));
  const ordered = order.filter((camera) => all.includes(camera));
  return [...ordered, ...all.filter((camera) => !ordered.includes(camera))];
}

export function layoutNamed(layouts: readonly Layout[], name: string | undefined): Layout | undefined {
  return layouts.find((layout) => layout.name === name);
}

/** Gives a layout (all cameras where it is undefined) another order or other cameras. */
export function rearranged(
  arrangement: Arrangement,
  layoutName: string | undefined,
  cameras: readonly string[],
): Arrangement {
  if (layoutNamed(arrangement.layouts, layoutName) === undefined) {
    return { ...arrangement, order: [...cameras] };
  }
  const layouts = arrangement.layouts.map((layout) =>
    layout.name === layoutName ? { ...layout, cameras: [...cameras] } : layout,
  );
  return { ...arrangement, layouts };
}

/** With this layout, instead of one of the same name. */
export function withLayout(arrangement: Arrangement, layout: Layout): Arrangement {
  return { ...arrangement, layouts: [...withoutLayout(arrangement, layout.name).layouts, layout] };
}

export function withoutLayout(arrangement: Arrangement, name: string): Arrangement {
  return { ...arrangement, layouts: arrangement.layouts.filter((layout) => layout.name !== name) };
}

/** Puts a camera into the place of another one; those between move up. */
export function moved(
  cameras: readonly string[],
  camera: string,
  toPlaceOf: string | undefined,
): readonly string[] {
  const from = cameras.indexOf(camera);
  const to = toPlaceOf === undefined ? -1 : cameras.indexOf(toPlaceOf);
  if (from < 0 || to < 0 || from === to) return cameras;
  return cameras.toSpliced(from, 1).toSpliced(to, 0, camera);
}
