import type { ReactNode } from 'react';
import type { ProbeAnswer } from '../../src/http/api/settings.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { bringIntoSight } from '../ui/bring-into-sight.ts';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';

/** How a camera is reached, as it is written in a form. */
export interface WrittenAddress {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

interface CameraAddressFieldsProps {
  readonly address: WrittenAddress;
  readonly error: string | undefined;
  readonly passwordHint?: string | undefined;
  readonly onChange: (address: WrittenAddress) => void;
}

export function CameraAddressFields({
  address,
  error,
  passwordHint,
  onChange,
}: CameraAddressFieldsProps): ReactNode {
  const text = useText('settings').cameras;
  return (
    <>
      <TextField
        label={text.address}
        hint={text.addressHint}
        value={address.url}
        error={error}
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => onChange({ ...address, url: target.value })}
      />
      <TextField
        label={text.username}
        value={address.username}
        autoComplete="off"
        onChange={({ target }) => onChange({ ...address, username: target.value })}
      />
      <PasswordField
        label={text.password}
        hint={passwordHint}
        value={address.password}
        autoComplete="new-password"
        onChange={({ target }) => onChange({ ...address, password: target.value })}
      />
    </>
  );
}

/** What a camera that was tried sends, and a picture of it. */
export function ProbedCamera({ probed }: { readonly probed: ProbeAnswer }): ReactNode {
  const text = useText('settings').cameras;
  const format = useFormat();
  const { video, audio, picture, bitsPerSecond, nativeFailure } = probed;
  return (
    <div ref={bringIntoSight} role="status" className="flex flex-col gap-2 rounded-md bg-ground p-3">
      {picture !== null && (
        <img
          src={`data:image/jpeg;base64,${picture}`}
          alt={text.picture}
          // It has no height before.
          onLoad={({ currentTarget }) => bringIntoSight(currentTarget.parentElement)}
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
      {nativeFailure !== null && <p className="wrap-anywhere">{text.readByFfmpeg(nativeFailure)}</p>}
    </div>
  );
}
