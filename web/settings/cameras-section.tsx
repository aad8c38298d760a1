import { Cable, Pencil, Plus, SquareDashedMousePointer, Trash2, Video } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import type { CameraSettings, SettingsAnswer } from '../../src/http/api/settings.ts';
import { useErrorText } from '../api/error-text.ts';
import { useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { List, ListRow } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../ui/states.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { useToast } from '../ui/toasts.tsx';
import { AddCameraDialog } from './add-camera-dialog.tsx';
import { CameraAddressDialog } from './camera-address-dialog.tsx';
import { CameraDialog } from './camera-dialog.tsx';
import { useChangeSettings, useSettings } from './settings-api.ts';

type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit'; readonly camera: CameraSettings }
  | { readonly kind: 'address'; readonly camera: CameraSettings }
  | { readonly kind: 'remove'; readonly camera: CameraSettings };

const MotionPage = lazy(() => import('./motion/motion-page.tsx'));

/** The cameras of the configuration, or what can be set of one. */
export default function CamerasSection(): ReactNode {
  const [, ofMotion] = useRoute<{ readonly camera: string }>('/settings/cameras/:camera/motion');
  if (ofMotion === null) return <AllCameras />;
  return (
    <Suspense>
      <MotionPage camera={ofMotion.camera} />
    </Suspense>
  );
}

function AllCameras(): ReactNode {
  const settings = useText('settings');
  const text = settings.cameras;
  const { data, error, refetch } = useSettings();
  const [open, setOpen] = useState<Open>();
  return (
    <Page
      title={settings.sections.cameras}
      back={{ path: '/settings', label: settings.back }}
      actions={
        <Button
          look="primary"
          disabled={data === undefined || data.readOnly !== null}
          onClick={() => setOpen({ kind: 'add' })}
        >
          <Plus aria-hidden="true" className="size-4" />
          {text.add}
        </Button>
      }
    >
      {data !== undefined ? (
        <Cameras settings={data} problem={error} open={open} onOpen={setOpen} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-40" />
        </Loading>
      )}
    </Page>
  );
}

interface CamerasProps {
  readonly settings: SettingsAnswer;
  /** Why the file cannot be used as it is now; what is shown is what holds. */
  readonly problem: Error | null;
  readonly open: Open | undefined;
  readonly onOpen: (open: Open | undefined) => void;
}

function Cameras({ settings, problem, open, onOpen }: CamerasProps): ReactNode {
  const text = useText('settings').cameras;
  const toast = useToast();
  const errorText = useErrorText();
  const changing = useChangeSettings();
  const { version, cameras, readOnly, path } = settings;
  const close = (): void => onOpen(undefined);
  const remove = ({ name }: CameraSettings): void => {
    close();
    changing.mutate(
      { version, edits: [{ kind: 'remove', path: ['cameras', name] }] },
      {
        onSuccess: () => toast(text.removed(name)),
        onError: (failed) => toast(errorText(failed), 'error'),
      },
    );
  };
  return (
    <div className="flex flex-col gap-4">
      {problem !== null && (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger wrap-anywhere">
          {errorText(problem)}
        </p>
      )}
      {readOnly !== null && (
        <p role="status" className="rounded-md bg-warning-soft px-3 py-2 text-warning">
          {text.readOnly(readOnly)}
        </p>
      )}
      {cameras.length === 0 ? (
        <EmptyState icon={Video} title={text.none}>
          {text.noneHint}
        </EmptyState>
      ) : (
        <List label={text.title}>
          {cameras.map((camera) => (
            <ListRow
              key={camera.name}
              title={
                <>
                  {camera.name}
                  {!camera.isEnabled && <Badge>{text.disabled}</Badge>}
                </>
              }
              note={`${camera.url === 'demo:' ? text.demo : camera.url}, ${modeText(camera.mode, text.modes)}`}
              actions={
                <>
                  <LinkToMotion camera={camera.name} />
                  {readOnly === null && (
                    <>
                      <IconButton
                        icon={Pencil}
                        label={text.edit(camera.name)}
                        onClick={() => onOpen({ kind: 'edit', camera })}
                      />
                      {camera.url !== 'demo:' && (
                        <IconButton
                          icon={Cable}
                          label={text.addressOf(camera.name)}
                          onClick={() => onOpen({ kind: 'address', camera })}
                        />
                      )}
                      <IconButton
                        icon={Trash2}
                        label={text.remove(camera.name)}
                        onClick={() => onOpen({ kind: 'remove', camera })}
                      />
                    </>
                  )}
                </>
              }
            />
          ))}
        </List>
      )}
      <p className="text-muted wrap-anywhere">{text.more(path)}</p>
      {open?.kind === 'add' && (
        <AddCameraDialog version={version} names={cameras.map(({ name }) => name)} onClose={close} />
      )}
      {open?.kind === 'edit' && <CameraDialog settings={settings} camera={open.camera} onClose={close} />}
      {open?.kind === 'address' && (
        <CameraAddressDialog version={version} camera={open.camera} onClose={close} />
      )}
      {open?.kind === 'remove' && (
        <ConfirmDialog
          title={text.removeTitle(open.camera.name)}
          description={text.removeHint}
          action={text.removeAction}
          isOpen
          onConfirm={() => remove(open.camera)}
          onClose={close}
        />
      )}
    </div>
  );
}

function modeText(mode: string, modes: Readonly<Record<string, string>>): string {
  return modes[mode] ?? mode;
}

/** It also shows what a file that is write-protected says. */
function LinkToMotion({ camera }: { readonly camera: string }): ReactNode {
  const text = useText('motion');
  return (
    <Tooltip text={text.open(camera)}>
      <Link
        href={`/settings/cameras/${encodeURIComponent(camera)}/motion`}
        aria-label={text.open(camera)}
        className="inline-flex size-9 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text pointer-coarse:size-11"
      >
        <SquareDashedMousePointer aria-hidden="true" className="size-4.5" />
      </Link>
    </Tooltip>
  );
}
