import {
  Activity,
  CalendarClock,
  FileText,
  HardDrive,
  Network,
  ScrollText,
  Users,
  Video,
  type LucideIcon,
} from 'lucide-react';
import { lazy, type ComponentType } from 'react';
import type { Role } from '../api/session.ts';
import type { Messages } from '../text/messages.ts';

/** A part of the settings. Its code is loaded when it is first gone to. */
export interface SettingsSection {
  /** What follows `/settings/`; what follows that is the section's own. */
  readonly path: string;
  readonly title: keyof Messages['settings']['sections'];
  readonly icon: LucideIcon;
  /** Who may go there; the server decides. */
  readonly role: Role;
  readonly Section: ComponentType;
}

export const SETTINGS_SECTIONS: readonly SettingsSection[] = [
  {
    path: 'cameras',
    title: 'cameras',
    icon: Video,
    role: 'admin',
    Section: lazy(() => import('./cameras-section.tsx')),
  },
  {
    path: 'recording',
    title: 'recording',
    icon: CalendarClock,
    role: 'admin',
    Section: lazy(() => import('../recording/recording-section.tsx')),
  },
  {
    path: 'retention',
    title: 'retention',
    icon: HardDrive,
    role: 'admin',
    Section: lazy(() => import('../retention/retention-section.tsx')),
  },
  {
    path: 'users',
    title: 'users',
    icon: Users,
    role: 'admin',
    Section: lazy(() => import('../account/users-section.tsx')),
  },
  {
    path: 'network',
    title: 'network',
    icon: Network,
    role: 'admin',
    Section: lazy(() => import('../network/network-section.tsx')),
  },
  {
    path: 'system',
    title: 'system',
    icon: Activity,
    role: 'admin',
    Section: lazy(() => import('../system/system-section.tsx')),
  },
  {
    path: 'logs',
    title: 'logs',
    icon: FileText,
    role: 'admin',
    Section: lazy(() => import('../logs/logs-section.tsx')),
  },
  {
    path: 'audit',
    title: 'audit',
    icon: ScrollText,
    role: 'admin',
    Section: lazy(() => import('../account/audit-section.tsx')),
  },
];
