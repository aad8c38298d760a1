import { Video } from 'lucide-react';
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
import { usePlace } from '../timeline/timeline-api.ts';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState } from '../ui/states.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { ModePalette } from './mode-palette.tsx';
import {
  DURATIONS,
  recordingEdits,
  recordingForm,
  type DurationField,
  type RecordingPart,
} from './recording-edits.ts';
import { MODES, type Mode } from './week.ts';
import { WeekPainter } from './week-painter.tsx';

/** What is recorded of each camera, and when. */
export default function RecordingSection(): ReactNode {
  const text = useText('settings');
  return (
    <SettingsFrame title={text.sections.recording}>
      {(settings) => <Cameras settings={settings} />}
    </SettingsFrame>
  );
}

function Cameras({ settings }: { readonly settings: SettingsAnswer }): ReactNode {
  const text = useText('recording');
  const [location, navigate] = useLocation();
  const { cameras } = settings;
  const named = decodeURIComponent(location.split('/')[3] ?? '');
  const camera = cameras.find((one) => one.name === named) ?? cameras[0];
  const { cameras: cameraText } = useText('settings');
  if (camera === undefined) {
    return (
      <EmptyState icon={Video} title={cameraText.none}>
        {cameraText.noneHint}
      </EmptyState>
    );
  }
  const { name, mode, schedule, event } = camera;
  return (
    <>
      <div className="mb-6 max-w-sm">
        <Select
          label={text.camera}
          value={name}
          choices={cameras.map((one) => ({ value: one.name, label: one.name }))}
          onChange={(other) => navigate(`/settings/recording/${encodeURIComponent(other)}`)}
        />
      </div>
      <HeldPart key={camera.name} part={{ name, mode, schedule, event }}>
        {(held) => <CameraForm settings={settings} held={held} />}
      </HeldPart>
    </>
  );
}

interface CameraFormProps {
  readonly settings: SettingsAnswer;
  readonly held: Held<RecordingPart>;
}

function CameraForm({ settings, held }: CameraFormProps): ReactNode {
  const { part: camera } = held;
  const text = useText('recording');
  const toast = useToast();
  const place = usePlace();
  const lockOf = useFieldLock(settings);
  const [form, setForm] = useState(() => recordingForm(camera));
  const [brush, setBrush] = useState<Mode | undefined>('always');
  // Those of the interface.
  const durations = Object.keys(DURATIONS) as DurationField[];
  const option = (name: string): string => `cameras.${camera.name}.${name}`;
  const optionOf = (field: DurationField): string => option(`event.${DURATIONS[field].option}`);
  const saving = useSaving({ settings, held, edits: recordingEdits(camera, form) });
  const errors = useFormErrors(saving.error, [
    option('mode'),
    option('event.loudDbfs'),
    ...durations.map(optionOf),
  ]);
  const discard = (): void => setForm(recordingForm(camera));
  const scheduleLock = lockOf(option('schedule'));
  const save = (): void =>
    saving.save(() => {
      toast(text.saved(camera.name));
      discard();
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Section title={text.mode}>
        <div className="max-w-sm">
          <Select
            label={text.modeField}
            hint={lockOf(option('mode')) ?? text.modeHint}
            error={errors.at(option('mode'))}
            disabled={lockOf(option('mode')) !== undefined}
            value={form.mode}
            choices={MODES.map((value) => ({ value, label: text.modes[value] }))}
            onChange={(mode) => setForm({ ...form, mode })}
          />
        </div>
      </Section>
      <Section
        title={text.schedule}
        description={
          scheduleLock ??
          `${text.scheduleHint} ${place.data === undefined ? '' : text.zone(place.data.timeZone)}`
        }
      >
        <ModePalette brush={brush} onChange={setBrush} />
        <WeekPainter
          week={form.week}
          ownMode={form.mode}
          brush={brush}
          disabled={scheduleLock !== undefined}
          onPaint={(week) => setForm({ ...form, week })}
        />
      </Section>
      <Section title={text.events} description={text.eventsHint}>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
          {durations.map((field) => (
            <TextField
              key={field}
              label={text.durations[field]}
              hint={lockOf(optionOf(field)) ?? text.durationHints[field]}
              error={errors.at(optionOf(field))}
              disabled={lockOf(optionOf(field)) !== undefined}
              type="number"
              inputMode="decimal"
              min={0}
              step="any"
              required
              value={form[field]}
              onChange={({ target }) => setForm({ ...form, [field]: target.value })}
            />
          ))}
          <TextField
            label={text.loud}
            hint={lockOf(option('event.loudDbfs')) ?? text.loudHint}
            error={errors.at(option('event.loudDbfs'))}
            disabled={lockOf(option('event.loudDbfs')) !== undefined}
            type="number"
            inputMode="decimal"
            min={-90}
            max={0}
            step="any"
            value={form.loudDbfs}
            onChange={({ target }) => setForm({ ...form, loudDbfs: target.value })}
          />
        </div>
      </Section>
      <SaveBar problem={errors.elsewhere} saving={saving} onDiscard={discard} />
    </form>
  );
}
