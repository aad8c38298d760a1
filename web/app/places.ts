import { ChartNoAxesGantt, Download, Film, LayoutGrid, Settings2, type LucideIcon } from 'lucide-react';
import { lazy, type ComponentType } from 'react';
import type { Role } from '../api/session.ts';

/** A place of the navigation. Its pages are loaded when first gone to. */
interface Place {
  /** The first part of its paths; the rest is the page's own. */
  readonly path: string;
  /** Its name is the `title` among the texts of this room. */
  readonly room: 'live' | 'timeline' | 'events' | 'exports' | 'settings';
  readonly icon: LucideIcon;
  /** Who finds something there. */
  readonly role: Role;
  readonly Page: ComponentType;
}

export const PLACES: readonly Place[] = [
  {
    path: '/live',
    room: 'live',
    icon: LayoutGrid,
    role: 'viewer',
    Page: lazy(() => import('../live/live-page.tsx')),
  },
  {
    path: '/timeline',
    room: 'timeline',
    icon: ChartNoAxesGantt,
    role: 'viewer',
    Page: lazy(() => import('../timeline/timeline-page.tsx')),
  },
  {
    path: '/events',
    room: 'events',
    icon: Film,
    role: 'viewer',
    Page: lazy(() => import('../events/events-page.tsx')),
  },
  {
    path: '/exports',
    room: 'exports',
    icon: Download,
    role: 'operator',
    Page: lazy(() => import('../exports/exports-page.tsx')),
  },
  {
    path: '/settings',
    room: 'settings',
    icon: Settings2,
    role: 'admin',
    Page: lazy(() => import('../settings/settings-page.tsx')),
  },
];
