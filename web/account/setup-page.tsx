import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { SetupRequest } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { setSession, type Session } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { EntrancePage } from './entrance-page.tsx';
import { useSecretInAddress } from './secret-in-address.ts';
import SignInPage from './sign-in-page.tsx';

/** What the one-time link of the first start opens; without what makes it one, such as after a reload, it is no other page. */
export default function SetupPage(): ReactNode {
  const secret = useSecretInAddress();
  return secret === '' ? <SignInPage /> : <SetupForm key={secret} secret={secret} />;
}

/** Makes the first account, an administrator. */
function SetupForm({ secret }: { readonly secret: string }): ReactNode {
  const text = useText('account');
  const queries = useQueryClient();
  const [name, setName] = useState('admin');
  const [password, setPassword] = useState('');
  const setUp = useMutation({
    mutationFn: () =>
      ask<Session>('api/setup', {
        method: 'POST',
        body: { token: secret, name, password } satisfies SetupRequest,
      }),
    onSuccess: (session) => setSession(queries, session),
  });
  const errors = useFormErrors(setUp.error, ['name', 'password']);
  return (
    <EntrancePage
      title={text.setup.title}
      introduction={<p className="text-muted">{text.setup.introduction}</p>}
      onSubmit={() => setUp.mutate()}
    >
      <TextField
        label={text.userName}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={errors.at('name')}
      />
      <PasswordField
        label={text.password}
        name="password"
        autoComplete="new-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        hint={text.passwordHint}
        error={errors.at('password')}
      />
      {errors.elsewhere !== undefined && (
        <p role="alert" className="text-danger">
          {errors.elsewhere}
        </p>
      )}
      <Button type="submit" look="primary" isBusy={setUp.isPending}>
        {text.setup.action}
      </Button>
    </EntrancePage>
  );
}
