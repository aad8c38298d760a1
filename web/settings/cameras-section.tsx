import { CalendarClock, Pencil, Plus, SquareDashedMousePointer, Trash2, Video } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useRoute } from 'wouter';
import type { CameraSettings, SettingsAnswer } from '../../src/http/api/settings.ts';
import { useErrorText } from '../api/error-text.ts';
import { useText } from '../text/text-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { IconLink } from '../ui/icon-link.tsx';
import { List, ListRow } from '../ui/list.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useToast } from '../ui/toasts.tsx';
import { AddCameraDialog } from './add-camera-dialog.tsx';
import { CameraDialog } from './camera-dialog.tsx';
import { DEMO_URL, useChangeSettings } from './settings-api.ts';
import { SettingsFrame } from './settings-frame.tsx';

type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit'; readonly camera: CameraSettings }
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
  const text = useText('settings');
  const [open, setOpen] = useState<Open>();
  return (
    <SettingsFrame
      title={text.sections.cameras}
      actions={({ readOnly }) => (
        <Button look="primary" disabled={readOnly !== null} onClick={() => setOpen({ kind: 'add' })}>
          <Plus aria-hidden="true" className="size-4" />
          {text.cameras.add}
        </Button>
      )}
    >
      {(settings) => <Cameras settings={settings} open={open} onOpen={setOpen} />}
    </SettingsFrame>
  );
}

interface CamerasProps {
  readonly settings: SettingsAnswer;
  readonly open: Open | undefined;
  readonly onOpen: (open: Open | undefined) => void;
}

function Cameras({ settings, open, onOpen }: CamerasProps): ReactNode {
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
      {cameras.length === 0 ? (
        <EmptyState icon={Video} title={text.none}>
          {text.noneHint}
        </EmptyState>
      ) : (
        <List label={text.title}>
          {cameras.map((camera) => (
            <CameraRow key={camera.name} camera={camera} isReadOnly={readOnly !== null} onOpen={onOpen} />
          ))}
        </List>
      )}
      <p className="text-muted wrap-anywhere">{text.more(path)}</p>
      {open?.kind === 'add' && (
        <AddCameraDialog version={version} names={cameras.map(({ name }) => name)} onClose={close} />
      )}
      {open?.kind === 'edit' && <CameraDialog settings={settings} camera={open.camera} onClose={close} />}
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

interface CameraRowProps {
  readonly camera: CameraSettings;
  readonly isReadOnly: boolean;
  readonly onOpen: (open: Open) => void;
}

function CameraRow({ camera, isReadOnly, onOpen }: CameraRowProps): ReactNode {
  const text = useText('settings').cameras;
  const recording = useText('recording');
  const motion = useText('motion');
  const { name, url, mode } = camera;
  const modes: Readonly<Record<string, string>> = recording.modes;
  const encoded = encodeURIComponent(name);
  return (
    <ListRow
      title={
        <>
          {name}
          {!camera.isEnabled && <Badge>{text.disabled}</Badge>}
        </>
      }
      note={`${url === DEMO_URL ? text.demo : url} · ${modes[mode] ?? mode}`}
      actions={
        <>
          {/* They also show what a file that is write-protected says. */}
          <IconLink
            icon={CalendarClock}
            label={recording.open(name)}
            href={`/settings/recording/${encoded}`}
          />
          <IconLink
            icon={SquareDashedMousePointer}
            label={motion.open(name)}
            href={`/settings/cameras/${encoded}/motion`}
          />
          {!isReadOnly && (
            <>
              <IconButton
                icon={Pencil}
                label={text.edit(name)}
                onClick={() => onOpen({ kind: 'edit', camera })}
              />
              <IconButton
                icon={Trash2}
                label={text.remove(name)}
                onClick={() => onOpen({ kind: 'remove', camera })}
              />
            </>
          )}
        </>
      }
    />
  );
}
