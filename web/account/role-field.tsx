import type { ReactNode } from 'react';
import type { Role } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { Select } from '../ui/select.tsx';

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

interface RoleFieldProps {
  readonly role: Role;
  readonly onChange: (role: Role) => void;
  readonly error?: string | undefined;
}

/** A role, with what it may do. */
export function RoleField({ role, onChange, error }: RoleFieldProps): ReactNode {
  const text = useText('account');
  return (
    <Select
      label={text.role}
      value={role}
      choices={ROLES.map((value) => ({ value, label: text.roles[value] }))}
      onChange={onChange}
      hint={text.roleHints[role]}
      error={error}
    />
  );
}
