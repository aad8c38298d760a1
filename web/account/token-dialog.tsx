import { useMutation } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { MadeToken, NewToken } from '../../src/http/api/account.ts';
import { ask } from '../api/client.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { useSession, type Role } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { CameraPermissionField } from './camera-permission-field.tsx';
import { FormDialog } from './form-dialog.tsx';
import { RoleField } from './role-field.tsx';

const LIFETIMES = ['30', '90', '365', 'never'] as const;
const DAY_MS = 86_400_000;

interface TokenDialogProps {
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Makes a token, and shows it the only time that it can be seen. */
export function TokenDialog({ onMade, onClose }: TokenDialogProps): ReactNode {
  const text = useText('account');
  const { user } = useSession();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [cameras, setCameras] = useState<string[] | null>(user.cameras);
  const [lifetime, setLifetime] = useState<(typeof LIFETIMES)[number]>('90');
  const make = useMutation({
    mutationFn: () =>
      ask<MadeToken>('api/tokens', {
        method: 'POST',
        body: {
          name,
          role,
          cameras,
          expiresMs: lifetime === 'never' ? null : Date.now() + Number(lifetime) * DAY_MS,
        } satisfies NewToken,
      }),
    onSuccess: onMade,
  });
  const errors = useFormErrors(make.error, ['name', 'role']);
  if (make.data !== undefined) return <MadeTokenDialog token={make.data.token} onClose={onClose} />;
  return (
    <FormDialog
      title={text.tokens.add}
      action={text.tokens.add}
      isBusy={make.isPending}
      error={errors.elsewhere}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <TextField
        label={text.tokens.name}
        hint={text.tokens.nameHint}
        autoComplete="off"
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={errors.at('name')}
      />
      <RoleField role={role} onChange={setRole} error={errors.at('role')} />
      <Select
        label={text.tokens.lifetime}
        value={lifetime}
        choices={LIFETIMES.map((value) => ({
          value,
          label: value === 'never' ? text.tokens.neverExpires : text.tokens.days(Number(value)),
        }))}
        onChange={setLifetime}
      />
      <CameraPermissionField cameras={cameras} onChange={setCameras} />
    </FormDialog>
  );
}

function MadeTokenDialog({
  token,
  onClose,
}: {
  readonly token: string;
  readonly onClose: () => void;
}): ReactNode {
  const text = useText('account');
  const ui = useText('ui');
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Dialog
      isOpen
      title={text.tokens.madeTitle}
      description={text.tokens.madeDescription}
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose}>
          {ui.close}
        </Button>
      }
    >
      <div className="flex items-center gap-2 rounded-md border border-line bg-ground py-1 pr-1 pl-3">
        <code className="min-w-0 grow font-mono text-note break-all select-all">{token}</code>
        {/* Browsers have a clipboard over HTTPS only; else the token can be selected. */}
        {'clipboard' in navigator && (
          <IconButton
            icon={isCopied ? Check : Copy}
            label={text.tokens.copy}
            onClick={() => {
              void navigator.clipboard.writeText(token).then(() => setIsCopied(true));
            }}
          />
        )}
      </div>
    </Dialog>
  );
}
