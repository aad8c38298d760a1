import { useState, type ReactNode } from 'react';
import { useErrorText } from '../api/error-text.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { CameraAddressFields, ProbedCamera, type WrittenAddress } from './camera-address-fields.tsx';
import { useChangeSettings, useProbe } from './settings-api.ts';

interface AddCameraDialogProps {
  readonly version: string;
  readonly names: readonly string[];
  readonly onClose: () => void;
}

/** Adds a camera by its address, which can be tried first: what it sends, and a picture of it. */
export function AddCameraDialog({ version, names, onClose }: AddCameraDialogProps): ReactNode {
  const text = useText('settings').cameras;
  const toast = useToast();
  const errorText = useErrorText();
  const probing = useProbe();
  const changing = useChangeSettings();
  const [name, setName] = useState('');
  const [address, setAddress] = useState<WrittenAddress>({ url: '', username: '', password: '' });
  const [usesSub, setUsesSub] = useState(true);
  const [nameProblem, setNameProblem] = useState<string>();
  const path = `cameras.${name.trim()}`;
  const errors = useFormErrors(changing.error, [path, `${path}.url`]);
  const url = address.url.trim();
  const login = address.username === '' ? {} : { username: address.username, password: address.password };
  const [subUrl] = probing.data?.subUrls ?? [];

  const add = (): void => {
    const isTaken = names.some((one) => one.toLowerCase() === name.trim().toLowerCase());
    const problem = name.trim() === '' ? text.nameMissing : isTaken ? text.nameTaken : undefined;
    setNameProblem(problem);
    if (problem !== undefined) return;
    const sub = subUrl !== undefined && usesSub ? { subUrl } : {};
    const value = { url, ...login, ...sub };
    changing.mutate(
      { version, edits: [{ kind: 'set', path: ['cameras', name.trim()], value }] },
      {
        onSuccess: () => {
          toast(text.added(name.trim()));
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      title={text.add}
      description={text.addHint}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button
            isBusy={probing.isPending}
            disabled={url === ''}
            onClick={() => probing.mutate({ url, ...login })}
          >
            {text.test}
          </Button>
          <Button look="primary" isBusy={changing.isPending} disabled={url === ''} onClick={add}>
            {text.addThis}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label={text.name}
          value={name}
          error={nameProblem ?? errors.at(path)}
          maxLength={64}
          onChange={({ target }) => setName(target.value)}
        />
        <CameraAddressFields
          address={address}
          error={errors.at(`${path}.url`) ?? (probing.error === null ? undefined : errorText(probing.error))}
          onChange={setAddress}
        />
        {probing.data !== undefined && <ProbedCamera probed={probing.data} />}
        {subUrl !== undefined && (
          <CheckBox label={text.subStream(subUrl)} isChecked={usesSub} onChange={setUsesSub} />
        )}
        {errors.elsewhere !== undefined && (
          <p role="alert" className="text-danger">
            {errors.elsewhere}
          </p>
        )}
      </form>
    </Dialog>
  );
}
