import { Network } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { SettingsAnswer } from '../../src/http/api/settings.ts';
import { useFormErrors } from '../api/form-errors.ts';
import { useFieldLock } from '../settings/field-lock.ts';
import { HeldPart, type Held } from '../settings/held-part.tsx';
import { SaveBar } from '../settings/save-bar.tsx';
import { SettingsFrame } from '../settings/settings-frame.tsx';
import { useSaving } from '../settings/use-saving.ts';
import { useText } from '../text/text-provider.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState } from '../ui/states.tsx';
import { TextArea, TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import {
  addressAfter,
  isMoving,
  networkEdits,
  networkForm,
  type NetworkForm,
  type NetworkPart,
} from './network-edits.ts';

/** How the app is reached. */
export default function NetworkSection(): ReactNode {
  const text = useText('settings');
  const [moved, setMoved] = useState<URL>();
  if (moved !== undefined) return <Moved to={moved} />;
  return (
    <SettingsFrame title={text.sections.network}>
      {(settings) => (
        <HeldPart part={settings.web}>
          {(held) => <NetworkFields settings={settings} held={held} onMoved={setMoved} />}
        </HeldPart>
      )}
    </SettingsFrame>
  );
}

/** This page stays where it was, and does not reach the server from there any more. */
function Moved({ to }: { readonly to: URL }): ReactNode {
  const text = useText('network');
  return (
    <EmptyState
      icon={Network}
      title={text.moved}
      action={
        <a href={to.href} className="font-medium text-accent underline wrap-anywhere">
          {to.href}
        </a>
      }
    >
      {text.movedHint}
    </EmptyState>
  );
}

interface NetworkFieldsProps {
  readonly settings: SettingsAnswer;
  readonly held: Held<NetworkPart>;
  readonly onMoved: (to: URL) => void;
}

function NetworkFields({ settings, held, onMoved }: NetworkFieldsProps): ReactNode {
  const { part } = held;
  const text = useText('network');
  const toast = useToast();
  const lockOf = useFieldLock(settings);
  const [form, setForm] = useState(() => networkForm(part));
  const [isAsking, setAsking] = useState(false);
  const saving = useSaving({ settings, held, edits: networkEdits(part, form) });
  const optionOf = (field: keyof NetworkForm): string => `web.${field}`;
  const errors = useFormErrors(
    saving.error,
    Object.keys(form).map((field) => `web.${field}`),
  );
  const discard = (): void => setForm(networkForm(part));
  const fieldOf = (field: keyof NetworkForm, hint: ReactNode) => ({
    label: text.fields[field],
    hint: lockOf(optionOf(field)) ?? hint,
    error: errors.at(optionOf(field)),
    disabled: lockOf(optionOf(field)) !== undefined,
  });
  const save = (): void => {
    setAsking(false);
    const here = new URL(location.href);
    const there = addressAfter(part, form, here);
    saving.save(() => {
      toast(text.saved);
      if (there !== undefined && there.href !== here.href) onMoved(there);
    });
  };
  const isLockingOut = form.listen === 'loopback' && part.listen === 'lan';
  const followed = isMoving(part, form) ? 'confirmMoving' : 'confirmHint';
  const confirmation = isLockingOut ? 'confirmLoopback' : followed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setAsking(true);
      }}
    >
      <Section title={text.reach} description={text.reachHint}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            {...fieldOf('listen', text.listenHints[form.listen])}
            value={form.listen}
            choices={(['lan', 'loopback'] as const).map((value) => ({ value, label: text.listen[value] }))}
            onChange={(listen) => setForm({ ...form, listen })}
          />
          <TextField
            {...fieldOf('port', text.portHint)}
            type="number"
            inputMode="numeric"
            min={0}
            max={65_535}
            required
            value={form.port}
            onChange={({ target }) => setForm({ ...form, port: target.value })}
          />
          <Select
            {...fieldOf('encryption', text.encryptionHints[form.encryption])}
            value={form.encryption}
            choices={(['lan', 'always', 'never'] as const).map((value) => ({
              value,
              label: text.encryption[value],
            }))}
            onChange={(encryption) => setForm({ ...form, encryption })}
          />
        </div>
        <p className="mt-3 max-w-prose text-note text-faint wrap-anywhere">
          {part.certificate === null ? text.selfMade : text.certificate(part.certificate)}
        </p>
      </Section>
      <Section title={text.proxy} description={text.proxyHint}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            {...fieldOf('basePath', text.basePathHint)}
            placeholder="/preroll"
            value={form.basePath}
            onChange={({ target }) => setForm({ ...form, basePath: target.value })}
          />
          <TextArea
            {...fieldOf('trustedProxies', text.trustedProxiesHint)}
            value={form.trustedProxies}
            onChange={({ target }) => setForm({ ...form, trustedProxies: target.value })}
          />
        </div>
      </Section>
      <SaveBar problem={errors.elsewhere} saving={saving} onDiscard={discard} />
      <ConfirmDialog
        title={text.confirmTitle}
        description={text[confirmation]}
        action={text.confirm}
        isOpen={isAsking}
        onConfirm={save}
        onClose={() => setAsking(false)}
      />
    </form>
  );
}
