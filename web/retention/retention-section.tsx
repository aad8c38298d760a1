import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
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
import { Loading, Skeleton } from '../ui/states.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { OutlookPanel, useDeletionText } from './outlook-panel.tsx';
import { isAge, retentionEdits, retentionScope, type RetentionScope } from './retention-edits.ts';
import { useOutlook } from './use-outlook.ts';

/** Stands for all cameras; a name of a camera cannot have a slash. */
const ALL = '/';

/** How long recordings are kept, and what that will come to. */
export default function RetentionSection(): ReactNode {
  const text = useText('settings');
  return (
    <SettingsFrame title={text.sections.retention}>
      {(settings) => <Scopes settings={settings} />}
    </SettingsFrame>
  );
}

function Scopes({ settings }: { readonly settings: SettingsAnswer }): ReactNode {
  const text = useText('retention');
  const [location, navigate] = useLocation();
  const { cameras } = settings;
  const scope = retentionScope(settings, decodeURIComponent(location.split('/')[3] ?? ''));
  return (
    <>
      <div className="mb-6 max-w-sm">
        <Select
          label={text.scope}
          value={scope.camera ?? ALL}
          choices={[
            { value: ALL, label: text.all },
            ...cameras.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(name) =>
            navigate(name === ALL ? '/settings/retention' : `/settings/retention/${encodeURIComponent(name)}`)
          }
        />
      </div>
      <HeldPart key={scope.camera ?? ALL} part={scope}>
        {(held) => <ScopeForm settings={settings} held={held} />}
      </HeldPart>
    </>
  );
}

interface ScopeFormProps {
  readonly settings: SettingsAnswer;
  readonly held: Held<RetentionScope>;
}

function ScopeForm({ settings, held }: ScopeFormProps): ReactNode {
  const { part: scope } = held;
  const text = useText('retention');
  const toast = useToast();
  const lockOf = useFieldLock(settings);
  const [form, setForm] = useState(scope.form);
  const [isAsking, setAsking] = useState(false);
  const edits = retentionEdits(scope, form);
  const saving = useSaving({ settings, held, edits });
  const discard = (): void => setForm(scope.form);
  const { outlook, error, isOld } = useOutlook(edits, settings.version);
  const keyOf = (option: string): string => [...scope.path, option].join('.');
  const errors = useFormErrors(saving.error ?? error, scope.options.map(keyOf));
  const deletions = outlook?.deletions ?? [];
  const deletionText = useDeletionText(deletions);
  const save = (): void => {
    setAsking(false);
    saving.save(() => {
      toast(text.saved);
      discard();
    });
  };
  return (
    <>
      <form
        className="mb-8"
        onSubmit={(event) => {
          event.preventDefault();
          if (deletions.length > 0) setAsking(true);
          else save();
        }}
      >
        <Section title={text.rules} description={scope.camera === undefined ? text.rulesHint : text.ownHint}>
          <div className="grid gap-4 sm:grid-cols-2">
            {scope.options.map((option) => (
              <TextField
                key={option}
                label={isAge(option) ? text.inDays(text.options[option]) : text.inGb(text.options[option])}
                hint={lockOf(keyOf(option)) ?? text.hints[option]}
                error={errors.at(keyOf(option))}
                disabled={lockOf(keyOf(option)) !== undefined}
                type="number"
                inputMode="decimal"
                min={0}
                step="any"
                placeholder={
                  scope.inherited[option] === ''
                    ? text.defaults[option]
                    : text.inherits(scope.inherited[option])
                }
                value={form[option]}
                onChange={({ target }) => {
                  saving.forgive();
                  setForm({ ...form, [option]: target.value });
                }}
              />
            ))}
          </div>
        </Section>
        <SaveBar
          problem={errors.elsewhere}
          saving={saving}
          // What would be deleted is to be known first.
          isBlocked={isOld || error !== null}
          onDiscard={discard}
        />
      </form>
      {outlook !== undefined ? (
        <OutlookPanel outlook={outlook} isOld={isOld} />
      ) : (
        error === null && (
          <Loading>
            <Skeleton className="h-48" />
          </Loading>
        )
      )}
      {isAsking && (
        <ConfirmDialog
          title={text.confirmTitle}
          description={deletionText}
          action={text.confirm}
          isOpen
          onConfirm={save}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
