import { useEffect, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { mayWith, useSession } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { classNames } from '../ui/class-names.ts';
import { PLACES } from './places.ts';

interface NavigationProps {
  /** Below the places, on a desktop; the last of them, on a phone. */
  readonly children?: ReactNode;
}

/** A narrow rail at the left, or a bar at the bottom of a phone. */
export function Navigation({ children }: NavigationProps): ReactNode {
  const text = useText('app');
  const { user } = useSession();
  return (
    <nav
      aria-label={text.navigation}
      className="order-last flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] sm:order-first sm:w-fit sm:min-w-19 sm:flex-col sm:border-t-0 sm:border-r sm:pt-2 sm:pb-2"
    >
      {PLACES.filter(({ role }) => mayWith(user.role, role)).map((place) => (
        <NavigationLink key={place.path} path={place.path} room={place.room} icon={place.icon} />
      ))}
      <div className="contents sm:mt-auto sm:flex sm:flex-col">{children}</div>
    </nav>
  );
}

/** The look of a place, also of what is not a link. */
export const PLACE =
  'flex min-h-14 min-w-0 grow flex-col items-center justify-center gap-1 text-tiny leading-none sm:mx-1.5 sm:min-h-14 sm:grow-0 sm:px-1 sm:rounded-lg';

function NavigationLink({
  path,
  room,
  icon: Icon,
}: Omit<(typeof PLACES)[number], 'Page' | 'role'>): ReactNode {
  const text = useText(room);
  const [location] = useLocation();
  const isHere = location === path || location.startsWith(`${path}/`);
  useEffect(() => {
    if (isHere) document.title = `${text.title} · Preroll`;
  }, [isHere, text]);
  return (
    <Link
      href={path}
      aria-current={isHere ? 'page' : undefined}
      className={classNames(
        PLACE,
        isHere ? 'text-accent sm:bg-accent-soft' : 'text-muted hover:text-text sm:hover:bg-hover',
      )}
    >
      <Icon aria-hidden="true" className="size-5" strokeWidth={1.75} />
      <span className="max-w-full truncate px-0.5">{text.title}</span>
    </Link>
  );
}
