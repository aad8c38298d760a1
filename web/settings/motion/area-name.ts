import type { Messages } from '../../text/messages.ts';
import type { Area } from './areas.ts';

type AreaTexts = Pick<Messages['motion'], 'mask' | 'zone'>;

/** How an area is called: masks have only their order. */
export function areaName(area: Area, areas: readonly Area[], text: AreaTexts): string {
  if (area.kind === 'zone') return area.name.trim() === '' ? text.zone : area.name;
  return text.mask(String(areas.filter(({ kind }) => kind === 'mask').indexOf(area) + 1));
}
