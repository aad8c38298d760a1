/** What the painter paints with: CSS colours and fonts. */
export interface Theme {
  readonly ground: string;
  readonly surface: string;
  readonly line: string;
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly motion: string;
  readonly danger: string;
  readonly recording: string;
  /** A CSS font family. */
  readonly font: string;
}

const TOKENS = {
  ground: 'ground',
  surface: 'surface',
  line: 'line',
  text: 'text',
  muted: 'muted',
  faint: 'faint',
  accent: 'accent',
  onAccent: 'on-accent',
  motion: 'motion',
  danger: 'danger',
  recording: 'recording',
} as const;

/** Reads the tokens of the page's style as they are in force at an element: only the browser knows what `light-dark()` is. */
export function readTheme(element: HTMLElement): Theme {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const colour = (token: string): string => {
    probe.style.color = `var(--color-${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(Object.entries(TOKENS).map(([name, token]) => [name, colour(token)]));
  const font = getComputedStyle(element).fontFamily;
  probe.remove();
  // One entry for each name of `TOKENS`.
  return { ...(colours as Record<keyof typeof TOKENS, string>), font };
}

/** Calls back when another theme is in force. @returns ends that. */
export function followTheme(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', onChange);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', onChange);
  };
}
