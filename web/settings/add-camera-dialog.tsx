import { useId, useState, type ReactNode } from 'react';
import { useErrorText } from '../api/error-text.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { CameraAddressFields, ProbedCamera, type WrittenAddress } from './camera-address-fields.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { useCameraTest, useChangeSettings } from './settings-api.ts';

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
  const changing = useChangeSettings();
  const form = useId();
  const [name, setName] = useState('');
  const [address, setAddress] = useState<WrittenAddress>({ url: '', username: '', password: '' });
  const [usesSub, setUsesSub] = useState(true);
  const [nameProblem, setNameProblem] = useState<string>();
  const path = `cameras.${name.trim()}`;
  const errors = useFormErrors(changing.error, [path, `${path}.url`]);
  const url = address.url.trim();
  const { username, password } = address;
  const login = username === '' && password === '' ? {} : { username, password };
  const isUnsaved = [name, address.url, username, password].some((one) => one !== '');
  const test = useCameraTest({ url, ...login });
  const [subUrl] = test.found?.subUrls ?? [];

  const rename = (to: string): void => {
    setName(to);
    // They were about another name.
    setNameProblem(undefined);
    changing.reset();
  };
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
    <EditDialog
      title={text.add}
      description={text.addHint}
      isOpen
      isUnsaved={isUnsaved}
      onClose={onClose}
      actions={
        <>
          <Button isBusy={test.isRunning} disabled={url === ''} onClick={test.run}>
            {text.test}
          </Button>
          <Button type="submit" form={form} look="primary" isBusy={changing.isPending} disabled={url === ''}>
            {text.addThis}
          </Button>
        </>
      }
    >
      <form
        id={form}
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
          onChange={({ target }) => rename(target.value)}
        />
        <CameraAddressFields
          address={address}
          error={errors.at(`${path}.url`) ?? (test.error === null ? undefined : errorText(test.error))}
          onChange={setAddress}
        />
        {test.found !== undefined && test.error === null && <ProbedCamera probed={test.found} />}
        {subUrl !== undefined && (
          <CheckBox label={text.subStream(subUrl)} isChecked={usesSub} onChange={setUsesSub} />
        )}
        {errors.elsewhere !== undefined && (
          <p role="alert" className="text-danger">
            {errors.elsewhere}
          </p>
        )}
      </form>
    </EditDialog>
  );
}
