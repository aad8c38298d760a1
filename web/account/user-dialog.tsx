import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { NewUser, UserChange, UserJson } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { useFormErrors } from '../api/form-errors.ts';
import type { Role } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { CameraPermissionField } from './camera-permission-field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { RoleField } from './role-field.tsx';

interface UserDialogProps {
  /** Undefined for one to come. */
  readonly user: UserJson | undefined;
  readonly onClose: () => void;
}

export function UserDialog({ user, onClose }: UserDialogProps): ReactNode {
  const text = useText('account');
  const queries = useQueryClient();
  const [name, setName] = useState(user?.name ?? '');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>(user?.role ?? 'viewer');
  const [cameras, setCameras] = useState<string[] | null>(user?.cameras ?? null);
  const save = useMutation({
    mutationFn: () =>
      user === undefined
        ? ask('api/users', { method: 'POST', body: { name, password, role, cameras } satisfies NewUser })
        : ask(`api/users/${encodeURIComponent(user.name)}`, {
            method: 'PATCH',
            body: { role, cameras, ...(password === '' ? {} : { password }) } satisfies UserChange,
          }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const errors = useFormErrors(save.error, ['name', 'password', 'role', 'cameras']);
  return (
    <FormDialog
      title={user?.name ?? text.users.add}
      action={user === undefined ? text.users.add : text.save}
      isBusy={save.isPending}
      error={errors.elsewhere ?? errors.at('cameras')}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {user === undefined && (
        <TextField
          label={text.userName}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={errors.at('name')}
        />
      )}
      <PasswordField
        label={user === undefined ? text.password : text.newPassword}
        autoComplete="new-password"
        required={user === undefined}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        hint={user === undefined ? text.passwordHint : text.users.newPasswordHint}
        error={errors.at('password')}
      />
      <RoleField role={role} onChange={setRole} error={errors.at('role')} />
      <CameraPermissionField cameras={cameras} onChange={setCameras} />
    </FormDialog>
  );
}
