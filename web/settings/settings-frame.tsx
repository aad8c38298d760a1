import type { ReactNode } from 'react';
import type { SettingsAnswer } from '../../src/http/api/settings.ts';
import { useErrorText } from '../api/error-text.ts';
import { useText } from '../text/text-provider.tsx';
import { Page } from '../ui/page.tsx';
import { ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { useSettings } from './settings-api.ts';

interface SettingsFrameProps {
  readonly title: string;
  /** Beside the title. */
  readonly actions?: (settings: SettingsAnswer) => ReactNode;
  readonly children: (settings: SettingsAnswer) => ReactNode;
}

/** A page of what the configuration holds: until that is there, and when it cannot be used or changed, it says so. */
export function SettingsFrame({ title, actions, children }: SettingsFrameProps): ReactNode {
  const text = useText('settings');
  const errorText = useErrorText();
  const { data, error, refetch } = useSettings();
  return (
    <Page
      title={title}
      back={{ path: '/settings', label: text.back }}
      actions={data === undefined ? undefined : actions?.(data)}
    >
      {data !== undefined ? (
        <>
          {/* Why the file cannot be used as it is now; what is shown is what holds. */}
          {error !== null && (
            <p role="alert" className="mb-4 rounded-md bg-danger-soft px-3 py-2 text-danger wrap-anywhere">
              {errorText(error)}
            </p>
          )}
          {data.readOnly !== null && (
            <p role="status" className="mb-4 rounded-md bg-warning-soft px-3 py-2 text-warning">
              {text.cameras.readOnly(data.readOnly)}
            </p>
          )}
          {children(data)}
        </>
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="mb-6 h-14" />
          <Skeleton className="h-80" />
        </Loading>
      )}
    </Page>
  );
}
