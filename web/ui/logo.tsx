import type { ComponentProps, ReactNode } from 'react';

/** The seconds before, and the moment it happened. The same drawing as `public/icon.svg`. */
export function Logo(props: ComponentProps<'svg'>): ReactNode {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" {...props}>
      <g fill="currentColor">
        <rect x="3" y="13" width="3" height="6" rx="1.5" opacity="0.35" />
        <rect x="8.5" y="10" width="3" height="12" rx="1.5" opacity="0.6" />
        <rect x="14" y="6.5" width="3" height="19" rx="1.5" />
        <circle cx="24.5" cy="16" r="4.5" />
      </g>
    </svg>
  );
}
