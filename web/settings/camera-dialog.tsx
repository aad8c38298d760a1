import { useId, useState, type ReactNode } from 'react';
import type { CameraSettings, SettingsAnswer, SettingsEdit } from '../../src/http/api/settings.ts';
import { useErrorText } from '../api/error-text.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { addressEdits } from './address-edits.ts';
import { CameraAddressFields, ProbedCamera, type WrittenAddress } from './camera-address-fields.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { EngineField } from './engine-field.tsx';
import { useFieldLock } from './field-lock.ts';
import { pictureEdits, type ShownPicture } from './picture-edits.ts';
import { PictureFields } from './picture-fields.tsx';
import { DEMO_URL, useCameraTest, useChangeSettings } from './settings-api.ts';

interface CameraDialogProps {
  readonly settings: SettingsAnswer;
  readonly camera: CameraSettings;
  readonly onClose: () => void;
}

/**
 * Changes whether a camera is used, how its picture is shown, and how it is reached, which can be tried first. Its login stays unless another one is written.
 * What is recorded of it and how motion is found have pages of their own.
 */
export function CameraDialog({ settings, camera, onClose }: CameraDialogProps): ReactNode {
  const settingsText = useText('settings');
  const text = settingsText.cameras;
  const toast = useToast();
  const errorText = useErrorText();
  const changing = useChangeSettings();
  const [isEnabled, setEnabled] = useState(camera.isEnabled);
  const [address, setAddress] = useState<WrittenAddress>({
    url: camera.url,
    username: camera.username ?? '',
    password: '',
  });
  const [writtenSubUrl, setSubUrl] = useState<string>();
  const [engine, setEngine] = useState(camera.engine ?? 'auto');
  const [shown, setShown] = useState<ShownPicture>({ rotate: camera.rotate, mirror: camera.mirror });
  const isDemo = camera.url === DEMO_URL;
  const path = `cameras.${camera.name}`;
  const lockOf = useFieldLock(settings);
  const enabledLock = lockOf(`${path}.enabled`);
  const errors = useFormErrors(changing.error, [`${path}.url`, `${path}.subUrl`]);
  const form = useId();
  const url = address.url.trim();
  const { username, password } = address;
  const login = password === '' && username === (camera.username ?? '') ? {} : { username, password };
  const test = useCameraTest({ url, camera: camera.name, engine, ...login });
  // Else the smaller stream of the former address would be looked at for motion from now on.
  const proposed = url === camera.url ? undefined : test.found && (test.found.subUrls[0] ?? '');
  const subUrl = writtenSubUrl ?? proposed ?? camera.subUrl ?? '';
  const enabled: SettingsEdit = { kind: 'set', path: ['cameras', camera.name, 'enabled'], value: isEnabled };
  const chosen: SettingsEdit = { kind: 'set', path: ['cameras', camera.name, 'engine'], value: engine };
  const edits = [
    ...(engine === (camera.engine ?? 'auto') ? [] : [chosen]),
    ...(isEnabled === camera.isEnabled ? [] : [enabled]),
    ...addressEdits(camera, { ...address, subUrl }),
    ...pictureEdits(camera, shown),
  ];
  const canSave = url !== '' && edits.length > 0;
  const save = (): void =>
    changing.mutate(
      { version: settings.version, edits },
      {
        onSuccess: () => {
          toast(text.saved(camera.name));
          onClose();
        },
      },
    );
  return (
    <EditDialog
      title={camera.name}
      description={text.recordingsStay}
      isOpen
      isUnsaved={edits.length > 0}
      onClose={onClose}
      actions={
        <>
          {!isDemo && (
            <Button isBusy={test.isRunning} disabled={url === ''} onClick={test.run}>
              {text.test}
            </Button>
          )}
          <Button type="submit" form={form} look="primary" isBusy={changing.isPending} disabled={!canSave}>
            {settingsText.save}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (canSave) save();
        }}
      >
        <Switch
          label={text.enabled}
          hint={enabledLock ?? text.enabledHint}
          isOn={isEnabled}
          disabled={enabledLock !== undefined}
          onChange={setEnabled}
        />
        {!isDemo && (
          <>
            <CameraAddressFields
              address={address}
              error={errors.at(`${path}.url`) ?? (test.error === null ? undefined : errorText(test.error))}
              passwordHint={camera.hasPassword ? text.passwordStays : undefined}
              onChange={setAddress}
            />
            <TextField
              label={text.subAddress}
              hint={text.subAddressHint}
              value={subUrl}
              error={errors.at(`${path}.subUrl`)}
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => setSubUrl(target.value)}
            />
            {[url, subUrl.trim()].some((one) => /^rtsp:/i.test(one)) && (
              <EngineField
                camera={camera.name}
                engine={engine}
                lock={lockOf(`${path}.engine`)}
                onChange={setEngine}
              />
            )}
          </>
        )}
        <PictureFields shown={shown} lockOf={(option) => lockOf(`${path}.${option}`)} onChange={setShown} />
        {test.found !== undefined && test.error === null && <ProbedCamera probed={test.found} />}
        {errors.elsewhere !== undefined && (
          <p role="alert" className="text-danger">
            {errors.elsewhere}
          </p>
        )}
      </form>
    </EditDialog>
  );
}
