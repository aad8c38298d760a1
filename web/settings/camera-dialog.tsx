import { useState, type ReactNode } from 'react';
import type {
  CameraSettings,
  ProbeAnswer,
  SettingsAnswer,
  SettingsEdit,
} from '../../src/http/api/settings.ts';
import { useErrorText } from '../api/error-text.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { addressEdits } from './address-edits.ts';
import { CameraAddressFields, ProbedCamera, type WrittenAddress } from './camera-address-fields.tsx';
import { useFieldLock } from './field-lock.ts';
import { DEMO_URL, useChangeSettings, useProbe } from './settings-api.ts';

interface CameraDialogProps {
  readonly settings: SettingsAnswer;
  readonly camera: CameraSettings;
  readonly onClose: () => void;
}

/**
 * Changes whether a camera is used, and how it is reached, which can be tried first. Its login stays unless another one is written.
 * What is recorded of it and how motion is found have pages of their own.
 */
export function CameraDialog({ settings, camera, onClose }: CameraDialogProps): ReactNode {
  const settingsText = useText('settings');
  const text = settingsText.cameras;
  const toast = useToast();
  const errorText = useErrorText();
  const probing = useProbe();
  const changing = useChangeSettings();
  const [isEnabled, setEnabled] = useState(camera.isEnabled);
  const [address, setAddress] = useState<WrittenAddress>({
    url: camera.url,
    username: camera.username ?? '',
    password: '',
  });
  const [subUrl, setSubUrl] = useState(camera.subUrl ?? '');
  const isDemo = camera.url === DEMO_URL;
  const path = `cameras.${camera.name}`;
  const enabledLock = useFieldLock(settings)(`${path}.enabled`);
  const errors = useFormErrors(changing.error, [`${path}.url`, `${path}.subUrl`]);
  const url = address.url.trim();
  const enabled: SettingsEdit = { kind: 'set', path: ['cameras', camera.name, 'enabled'], value: isEnabled };
  const edits = [
    ...(isEnabled === camera.isEnabled ? [] : [enabled]),
    ...addressEdits(camera, { ...address, subUrl }),
  ];
  const test = (): void => {
    const { username, password } = address;
    const login = password === '' && username === (camera.username ?? '') ? {} : { username, password };
    const propose = ({ subUrls: [proposed = ''] }: ProbeAnswer): void => {
      // The one of the former address would be looked at for motion from now on.
      if (url !== camera.url && subUrl === (camera.subUrl ?? '')) setSubUrl(proposed);
    };
    probing.mutate({ url, camera: camera.name, ...login }, { onSuccess: propose });
  };
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
    <Dialog
      title={camera.name}
      description={text.recordingsStay}
      isOpen
      onClose={onClose}
      actions={
        <>
          {!isDemo && (
            <Button isBusy={probing.isPending} disabled={url === ''} onClick={test}>
              {text.test}
            </Button>
          )}
          <Button look="primary" isBusy={changing.isPending} disabled={!canSave} onClick={save}>
            {settingsText.save}
          </Button>
        </>
      }
    >
      <form
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
              error={
                errors.at(`${path}.url`) ?? (probing.error === null ? undefined : errorText(probing.error))
              }
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
          </>
        )}
        {probing.data !== undefined && <ProbedCamera probed={probing.data} />}
        {errors.elsewhere !== undefined && (
          <p role="alert" className="text-danger">
            {errors.elsewhere}
          </p>
        )}
      </form>
    </Dialog>
  );
}
