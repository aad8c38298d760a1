import type { MouseEvent } from 'react';

/** For `onMouseDown`: a button that is pressed by pointer leaves the focus where it is, so that Space stays the page's key. */
export function leaveFocus(event: MouseEvent): void {
  const { activeElement } = document;
  // What is typed counts when its field is left.
  if (activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement) return;
  if (event.target instanceof Element && event.target.closest('button') !== null) event.preventDefault();
}
