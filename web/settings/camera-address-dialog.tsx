import { useState, type ReactNode } from 'react';
import type { CameraSettings, ProbeAnswer } from '../../src/http/api/settings.ts';
import { useErrorText } from '../api/error-text.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { addressEdits } from './address-edits.ts';
import { CameraAddressFields, ProbedCamera, type WrittenAddress } from './camera-address-fields.tsx';
import { useChangeSettings, useProbe } from './settings-api.ts';

interface CameraAddressDialogProps {
  readonly version: string;
  readonly camera: CameraSettings;
  readonly onClose: () => void;
}

/** Changes how a camera is reached, which can be tried first. Its login stays unless another one is written. */
export function CameraAddressDialog({ version, camera, onClose }: CameraAddressDialogProps): ReactNode {
  const settingsText = useText('settings');
  const text = settingsText.cameras;
  const toast = useToast();
  const errorText = useErrorText();
  const probing = useProbe();
  const changing = useChangeSettings();
  const [address, setAddress] = useState<WrittenAddress>({
    url: camera.url,
    username: camera.username ?? '',
    password: '',
  });
  const [subUrl, setSubUrl] = useState(camera.subUrl ?? '');
  const path = `cameras.${camera.name}`;
  const errors = useFormErrors(changing.error, [`${path}.url`, `${path}.subUrl`]);
  const url = address.url.trim();
  const edits = addressEdits(camera, { ...address, subUrl });
  const test = (): void => {
    const { username, password } = address;
    const login = password === '' && username === (camera.username ?? '') ? {} : { username, password };
    const propose = ({ subUrls: [proposed = ''] }: ProbeAnswer): void => {
      // The one of the former address would be looked at for motion from now on.
      if (url !== camera.url && subUrl === (camera.subUrl ?? '')) setSubUrl(proposed);
    };
    probing.mutate({ url, camera: camera.name, ...login }, { onSuccess: propose });
  };
  const save = (): void =>
    changing.mutate(
      { version, edits },
      {
        onSuccess: () => {
          toast(text.saved(camera.name));
          onClose();
        },
      },
    );
  return (
    <Dialog
      title={text.addressOf(camera.name)}
      description={text.addressOfHint}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button isBusy={probing.isPending} disabled={url === ''} onClick={test}>
            {text.test}
          </Button>
          <Button
            look="primary"
            isBusy={changing.isPending}
            disabled={url === '' || edits.length === 0}
            onClick={save}
          >
            {settingsText.save}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (edits.length > 0) save();
        }}
      >
        <CameraAddressFields
          address={address}
          error={errors.at(`${path}.url`) ?? (probing.error === null ? undefined : errorText(probing.error))}
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
