import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { SignInRequest } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { useErrorText } from '../api/error-text.ts';
import { setSession, useHasEnded, useIsSetupNeeded, type Session } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { EntranceNote, EntrancePage } from './entrance-page.tsx';

/** In the place of any page while nobody is signed in; that page shows afterwards. While there is no account it says how one is made. */
export default function SignInPage(): ReactNode {
  const text = useText('account').setup;
  const isSetupNeeded = useIsSetupNeeded();
  if (!isSetupNeeded) return <SignInForm />;
  return <EntranceNote title={text.title}>{text.needed}</EntranceNote>;
}

function SignInForm(): ReactNode {
  const text = useText('account');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const hasEnded = useHasEnded();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () =>
      ask<Session>('api/session', { method: 'POST', body: { name, password } satisfies SignInRequest }),
    onSuccess: (session) => setSession(queries, session),
    // So that one can type it again at once.
    onError: () => setPassword(''),
  });
  return (
    <EntrancePage
      title={text.signIn}
      introduction={hasEnded ? <p className="text-muted">{text.sessionEnded}</p> : undefined}
      onSubmit={() => signIn.mutate()}
    >
      <TextField
        label={text.userName}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        // The page is a form and nothing else.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <PasswordField
        label={text.password}
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={signIn.error === null ? undefined : errorText(signIn.error)}
      />
      <Button type="submit" look="primary" isBusy={signIn.isPending}>
        {text.signIn}
      </Button>
    </EntrancePage>
  );
}
