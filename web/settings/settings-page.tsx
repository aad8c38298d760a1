import { ChevronRight, Lock } from 'lucide-react';
import { Suspense, type ReactNode } from 'react';
import { Link, Redirect, useLocation } from 'wouter';

import { mayWith, useSession } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';
import { EmptyState, Loading, Skeleton } from '../ui/states.tsx';
import { useIsPhone } from '../ui/use-is-phone.ts';
import { SETTINGS_SECTIONS, type SettingsSection } from './sections.ts';

/** The sections beside the chosen one; on a phone first the sections, then the chosen one. */
export default function SettingsPage(): ReactNode {
  const text = useText('settings');
  const { user } = useSession();
  const isPhone = useIsPhone();
  const [location] = useLocation();
  const sections = SETTINGS_SECTIONS.filter(({ role }) => mayWith(user.role, role));
  const chosenPath = location.split('/')[2];
  const chosen = sections.find(({ path }) => path === chosenPath);
  const [first] = sections;
  if (first === undefined) return <EmptyState icon={Lock} title={text.nothingForRole} />;
  if (chosen === undefined && !isPhone) return <Redirect to={`/settings/${first.path}`} replace />;
  return (
    <div className="flex h-full">
      {(chosen === undefined || !isPhone) && <SectionList sections={sections} chosen={chosen} />}
      {chosen !== undefined && (
        <div className="min-w-0 grow">
          <Suspense fallback={<LoadingSection />}>
            <chosen.Section />
          </Suspense>
        </div>
      )}
    </div>
  );
}

interface SectionListProps {
  readonly sections: readonly SettingsSection[];
  readonly chosen: SettingsSection | undefined;
}

function SectionList({ sections, chosen }: SectionListProps): ReactNode {
  const text = useText('settings');
  return (
    <nav
      aria-label={text.title}
      className="w-full shrink-0 overflow-y-auto px-3 pb-4 sm:w-52 sm:border-r sm:border-line"
    >
      <h1 className="flex min-h-14 items-center px-2 text-lg font-semibold sm:min-h-12 sm:text-base">
        {text.title}
      </h1>
      <ul className="flex flex-col gap-0.5">
        {sections.map(({ path, title, icon: Icon }) => (
          <li key={path}>
            <Link
              href={`/settings/${path}`}
              aria-current={chosen?.path === path ? 'page' : undefined}
              className={classNames(
                'flex min-h-12 items-center gap-3 rounded-md px-2 sm:min-h-9',
                chosen?.path === path
                  ? 'bg-accent-soft text-accent'
                  : 'text-text hover:bg-hover sm:text-muted',
              )}
            >
              <Icon aria-hidden="true" className="size-4.5 shrink-0" strokeWidth={1.75} />
              <span className="grow">{text.sections[title]}</span>
              <ChevronRight aria-hidden="true" className="size-4 text-faint sm:hidden" />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function LoadingSection(): ReactNode {
  return (
    <Loading>
      <div className="flex flex-col gap-4 p-6">
        <Skeleton className="h-7 w-40" />
        <Skeleton className="h-48 w-full" />
      </div>
    </Loading>
  );
}
