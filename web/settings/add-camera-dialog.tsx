import { useState, type ReactNode } from 'react';
import type { ProbeAnswer } from '../../src/http/api/settings.ts';
import { useErrorText } from '../api/error-text.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
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
  const [url, setUrl] = useState('');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [usesSub, setUsesSub] = useState(true);
  const [nameProblem, setNameProblem] = useState<string>();
  const login = username === '' ? {} : { username, password };
  const [subUrl] = probing.data?.subUrls ?? [];

  const add = (): void => {
    const isTaken = names.some((one) => one.toLowerCase() === name.trim().toLowerCase());
    const problem = name.trim() === '' ? text.nameMissing : isTaken ? text.nameTaken : undefined;
    setNameProblem(problem);
    if (problem !== undefined) return;
    const sub = subUrl !== undefined && usesSub ? { subUrl } : {};
    const value = { url: url.trim(), ...login, ...sub };
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
            disabled={url.trim() === ''}
            onClick={() => probing.mutate({ url: url.trim(), ...login })}
          >
            {text.test}
          </Button>
          <Button look="primary" isBusy={changing.isPending} disabled={url.trim() === ''} onClick={add}>
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
          error={nameProblem}
          maxLength={64}
          onChange={({ target }) => setName(target.value)}
        />
        <TextField
          label={text.address}
          hint={text.addressHint}
          value={url}
          error={probing.error === null ? undefined : errorText(probing.error)}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => setUrl(target.value)}
        />
        <TextField
          label={text.username}
          value={username}
          autoComplete="off"
          onChange={({ target }) => setUsername(target.value)}
        />
        <PasswordField
          label={text.password}
          value={password}
          autoComplete="new-password"
          onChange={({ target }) => setPassword(target.value)}
        />
        {probing.data !== undefined && <Probed probed={probing.data} />}
        {subUrl !== undefined && (
          <CheckBox label={text.subStream(subUrl)} isChecked={usesSub} onChange={setUsesSub} />
        )}
        {changing.error !== null && (
          <p role="alert" className="text-danger">
            {errorText(changing.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function Probed({ probed }: { readonly probed: ProbeAnswer }): ReactNode {
  const text = useText('settings').cameras;
  const format = useFormat();
  const { video, audio, picture, bitsPerSecond } = probed;
  return (
    <div role="status" className="flex flex-col gap-2 rounded-md bg-ground p-3">
      {picture !== null && (
        <img
          src={`data:image/jpeg;base64,${picture}`}
          alt={text.picture}
          className="max-h-56 w-full rounded-sm bg-picture object-contain"
        />
      )}
      <p>
        {video === null
          ? text.noVideo
          : text.video(video.codec, `${video.width}×${video.height}`, format.number(video.fps, 1))}
        {', '}
        {text.rate(format.number(bitsPerSecond / 1_000))}
        {audio !== null && `, ${text.sound(audio.codec)}`}
      </p>
    </div>
  );
}
