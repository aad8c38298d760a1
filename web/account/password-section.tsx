import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { PasswordChange } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { Section } from '../ui/section.tsx';
import { useToast } from '../ui/toasts.tsx';

/** Changing it takes the present one: a browser left open is not enough. */
export function PasswordSection(): ReactNode {
  const text = useText('account');
  const toast = useToast();
  const [present, setPresent] = useState('');
  const [wanted, setWanted] = useState('');
  const change = useMutation({
    mutationFn: () =>
      ask('api/session/password', {
        method: 'PUT',
        body: { password: present, newPassword: wanted } satisfies PasswordChange,
      }),
    onSuccess: () => {
      setPresent('');
      setWanted('');
      toast(text.passwordChange.done);
    },
  });
  const errors = useFormErrors(change.error, ['password', 'newPassword']);
  return (
    <Section title={text.passwordChange.title} description={text.passwordChange.description}>
      <form
        className="grid gap-4 sm:max-w-2xl sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <PasswordField
          label={text.passwordChange.present}
          autoComplete="current-password"
          required
          value={present}
          onChange={(event) => setPresent(event.target.value)}
          error={errors.at('password')}
        />
        <PasswordField
          label={text.newPassword}
          autoComplete="new-password"
          required
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          hint={text.passwordHint}
          error={errors.at('newPassword')}
        />
        <div className="flex flex-wrap items-center gap-3 sm:col-span-2">
          <Button type="submit" isBusy={change.isPending}>
            {text.passwordChange.action}
          </Button>
          {errors.elsewhere !== undefined && (
            <p role="alert" className="text-danger">
              {errors.elsewhere}
            </p>
          )}
        </div>
      </form>
    </Section>
  );
}
