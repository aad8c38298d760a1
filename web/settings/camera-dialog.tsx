import { useState, type ReactNode } from 'react';
import type { CameraSettings, SettingsAnswer, SettingsEdit } from '../../src/http/api/settings.ts';
import { useErrorText } from '../api/error-text.ts';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { Slider } from '../ui/slider.tsx';
import { Switch } from '../ui/switch.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { useFieldLock } from './field-lock.ts';
import { useChangeSettings } from './settings-api.ts';

interface CameraDialogProps {
  readonly settings: SettingsAnswer;
  readonly camera: CameraSettings;
  readonly onClose: () => void;
}

const MODES = ['motion', 'always', 'always+motion', 'timelapse', 'timelapse+motion', 'off'] as const;
type Mode = (typeof MODES)[number];

/** What is recorded of a camera, and how easily motion is found. */
export function CameraDialog({ settings, camera, onClose }: CameraDialogProps): ReactNode {
  const settingsText = useText('settings');
  const text = settingsText.cameras;
  const toast = useToast();
  const errorText = useErrorText();
  const changing = useChangeSettings();
  const [isEnabled, setEnabled] = useState(camera.isEnabled);
  // The server gives one of the modes there are.
  const [mode, setMode] = useState(camera.mode as Mode);
  const [sensitivity, setSensitivity] = useState(camera.motion.sensitivity);
  const [preRollS, setPreRollS] = useState(String(camera.event.preRollMs / 1_000));
  const lock = useFieldLock(settings);
  const lockOf = (option: string): string | undefined => lock(`cameras.${camera.name}.${option}`);
  const path = (...keys: string[]): string[] => ['cameras', camera.name, ...keys];
  const edits: SettingsEdit[] = [
    ...(isEnabled === camera.isEnabled ? [] : [set(path('enabled'), isEnabled)]),
    ...(mode === camera.mode ? [] : [set(path('mode'), mode)]),
    ...(sensitivity === camera.motion.sensitivity ? [] : [set(path('motion', 'sensitivity'), sensitivity)]),
    ...(Number(preRollS) * 1_000 === camera.event.preRollMs
      ? []
      : [set(path('event', 'preRoll'), `${preRollS}s`)]),
  ];
  const save = (): void =>
    changing.mutate(
      { version: settings.version, edits },
      {
        onSuccess: () => {
          toast(text.saved(camera.name));
          onClose();
        },
      },
    );
  return (
    <Dialog
      title={camera.name}
      isOpen
      onClose={onClose}
      actions={
        <Button look="primary" isBusy={changing.isPending} disabled={edits.length === 0} onClick={save}>
          {settingsText.save}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <Switch
          label={text.enabled}
          hint={lockOf('enabled') ?? text.enabledHint}
          isOn={isEnabled}
          disabled={lockOf('enabled') !== undefined}
          onChange={setEnabled}
        />
        <Select
          label={text.mode}
          hint={lockOf('mode')}
          disabled={lockOf('mode') !== undefined}
          value={mode}
          choices={MODES.map((value) => ({ value, label: text.modes[value] }))}
          onChange={setMode}
        />
        <Slider
          label={text.sensitivity}
          hint={lockOf('motion.sensitivity') ?? text.sensitivityHint}
          disabled={lockOf('motion.sensitivity') !== undefined}
          value={sensitivity}
          min={1}
          max={100}
          onChange={setSensitivity}
        />
        <TextField
          label={text.preRoll}
          hint={lockOf('event.preRoll')}
          disabled={lockOf('event.preRoll') !== undefined}
          type="number"
          min={0}
          max={300}
          value={preRollS}
          onChange={({ target }) => setPreRollS(target.value)}
        />
        {changing.error !== null && (
          <p role="alert" className="text-danger">
            {errorText(changing.error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function set(path: string[], value: unknown): SettingsEdit {
  return { kind: 'set', path, value };
}
