import { useMemo, useState, type ReactNode } from 'react';
import { useSearch } from 'wouter';
import { useErrorText } from '../api/error-text.ts';
import { useText } from '../text/text-provider.tsx';
import { LocalTime } from '../timeline/canvas/local-time.ts';
import { localField, momentOfField } from '../timeline/local-field.ts';
import type { Place } from '../timeline/timeline-api.ts';
import { Button } from '../ui/button.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useToast } from '../ui/toasts.tsx';
import { parseExportSpan } from './export-span.ts';
import { useNewExport } from './exports-api.ts';

/** Asks for cameras and a span. What the address says is filled in. */
export function NewExport({ place }: { readonly place: Place }): ReactNode {
  const text = useText('exports');
  const toast = useToast();
  const errorText = useErrorText();
  const asked = useSearch();
  const { cameras, timeZone } = place;
  const time = useMemo(() => new LocalTime(timeZone), [timeZone]);
  const making = useNewExport();
  const [span, setSpan] = useState(() =>
    parseExportSpan(asked, Math.floor((Date.now() + place.aheadMs) / 1_000) * 1_000),
  );
  const [keepsGaps, setKeepsGaps] = useState(false);
  const [problem, setProblem] = useState<string>();
  const chosen = span.cameras.length === 0 && cameras.length === 1 ? cameras : span.cameras;

  const move = (changed: Partial<typeof span>): void => setSpan({ ...span, ...changed });
  const toggle = (camera: string, isOn: boolean): void =>
    setSpan({ ...span, cameras: isOn ? [...chosen, camera] : chosen.filter((name) => name !== camera) });
  const start = (): void => {
    const isWrong = !(span.fromMs < span.toMs);
    setProblem(chosen.length === 0 ? text.chooseCameras : isWrong ? text.wrongSpan : undefined);
    if (chosen.length === 0 || isWrong) return;
    making.mutate(
      {
        cameras: [...chosen],
        from: Math.floor(span.fromMs),
        to: Math.ceil(span.toMs),
        gaps: keepsGaps ? 'keep' : 'skip',
      },
      { onSuccess: () => toast(text.started), onError: (error) => setProblem(errorText(error)) },
    );
  };

  return (
    <form
      aria-label={text.new}
      className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-medium">{text.cameras}</legend>
        <div className="flex flex-wrap gap-x-5 gap-y-1">
          {[...new Set([...cameras, ...chosen])].map((camera) => (
            <CheckBox
              key={camera}
              label={camera}
              isChecked={chosen.includes(camera)}
              onChange={(isOn) => toggle(camera, isOn)}
            />
          ))}
        </div>
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={text.from}
          type="datetime-local"
          step={1}
          value={localField(time, span.fromMs)}
          onChange={({ target }) => move({ fromMs: momentOfField(time, target.value) ?? span.fromMs })}
        />
        <TextField
          label={text.to}
          type="datetime-local"
          step={1}
          value={localField(time, span.toMs)}
          onChange={({ target }) => move({ toMs: momentOfField(time, target.value) ?? span.toMs })}
        />
      </div>
      <div>
        <CheckBox label={text.keepGaps} isChecked={keepsGaps} onChange={setKeepsGaps} />
        <p className="text-note text-faint">{text.keepGapsHint}</p>
      </div>
      {problem !== undefined && (
        <p role="alert" className="text-danger">
          {problem}
        </p>
      )}
      <Button type="submit" look="primary" isBusy={making.isPending} className="self-start">
        {text.start}
      </Button>
    </form>
  );
}
