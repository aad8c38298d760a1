/** For `ref`: what has just appeared is scrolled to, as far as it has to be; on a phone it may lie far from the button that was pressed. */
export function bringIntoSight(element: Element | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
