import { Video } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { SettingsAnswer } from '../../../src/http/api/settings.ts';
import { useErrorText } from '../../api/error-text.ts';
import { LiveExplainedDialog } from '../../explained/live-explained-dialog.tsx';
import { useText } from '../../text/text-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { Select } from '../../ui/select.tsx';
import { Slider } from '../../ui/slider.tsx';
import { EmptyState, ErrorState, Loading, Skeleton } from '../../ui/states.tsx';
import { useToast } from '../../ui/toasts.tsx';
import { useFieldLock } from '../field-lock.ts';
import { HeldPart, OvertakenNote, type Held } from '../held-part.tsx';
import { useSettings } from '../settings-api.ts';
import { useSaving } from '../use-saving.ts';
import { AreaEditor } from './area-editor.tsx';
import { AreaList } from './area-list.tsx';
import { areasOf, type Area } from './areas.ts';
import { MotionCost } from './motion-cost.tsx';
import { motionEdits, type MotionPart } from './motion-edits.ts';
import { nameProblem, refusedPart } from './motion-problems.ts';
import { ScoreGraph, useScores } from './score-graph.tsx';
import { TrialSection } from './trial-section.tsx';
import { useDrawing } from './use-drawing.ts';

/** How motion is found on a camera, and in which parts of its picture. */
export default function MotionPage({ camera: name }: { readonly camera: string }): ReactNode {
  const text = useText('motion');
  const { data, error, refetch } = useSettings();
  const camera = data?.cameras.find((one) => one.name === name);
  if (data !== undefined && camera !== undefined) {
    return (
      <HeldPart key={name} part={{ name, motion: camera.motion }}>
        {(held) => <MotionForm settings={data} held={held} />}
      </HeldPart>
    );
  }
  return (
    <Page title={text.title(name)} back={BACK(text.back)}>
      {data !== undefined ? (
        <EmptyState icon={Video} title={text.noCamera(name)} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="aspect-video" />
        </Loading>
      )}
    </Page>
  );
}

const BACK = (label: string) => ({ path: '/settings/cameras', label });
const DETECTORS = ['current', 'three-frame', 'adaptive', 'v1', 'v2', 'v3', 'v4'] as const;
type Detector = (typeof DETECTORS)[number];

interface MotionFormProps {
  readonly settings: SettingsAnswer;
  readonly held: Held<MotionPart>;
}

function MotionForm({ settings, held }: MotionFormProps): ReactNode {
  const { part: camera } = held;
  const text = useText('motion');
  const settingsText = useText('settings');
  const toast = useToast();
  const errorText = useErrorText();
  const saved = camera.motion;
  const drawing = useDrawing(areasOf(saved));
  // The server gives one of the detectors there are.
  const [detector, setDetector] = useState(saved.detector as Detector);
  const [sensitivity, setSensitivity] = useState(saved.sensitivity);
  const [isExplaining, setExplaining] = useState(false);
  const { scores, motion } = useScores(camera.name);

  const path = `cameras.${camera.name}.motion`;
  const lock = useFieldLock(settings);
  const lockOf = (kind: Area['kind']): string | undefined => lock(`${path}.${kind}s`);
  const { areas } = drawing;
  const edits = motionEdits(camera, { detector, sensitivity, areas });
  const saving = useSaving({ settings, held, edits });
  const { error, isSaving, isUnsaved } = saving;
  const refused = refusedPart(error, path, areas);
  const problem = error === null ? undefined : errorText(error);
  const problemOf = (area: Area): string | undefined => {
    const name = nameProblem(area, areas);
    if (name !== undefined) return name === 'missing' ? text.nameMissing : text.nameTaken;
    return refused === area ? problem : undefined;
  };
  const isSound = areas.every((area) => nameProblem(area, areas) === undefined);
  const discard = (): void => {
    drawing.change(areasOf(saved));
    setDetector(saved.detector as Detector);
    setSensitivity(saved.sensitivity);
    saving.forgive();
  };
  const save = (): void =>
    saving.save(() => {
      toast(text.saved(camera.name));
      discard();
    });

  return (
    <Page
      title={text.title(camera.name)}
      width="full"
      back={BACK(text.back)}
      actions={
        <>
          {isUnsaved && <Button onClick={discard}>{settingsText.discard}</Button>}
          <Button look="primary" isBusy={isSaving} disabled={!isUnsaved || !isSound} onClick={save}>
            {settingsText.save}
          </Button>
        </>
      }
    >
      {saving.isOvertaken && <OvertakenNote />}
      {problem !== undefined && refused === undefined && (
        <p role="alert" className="mb-4 rounded-md bg-danger-soft px-3 py-2 text-danger wrap-anywhere">
          {problem}
        </p>
      )}
      <div className="grid gap-x-8 xl:grid-cols-[minmax(0,3fr)_minmax(20rem,2fr)]">
        <Section title={text.picture} description={text.pictureHint}>
          <AreaEditor camera={camera.name} drawing={drawing} motion={motion} lockOf={lockOf} />
          <div className="mt-3">
            <AreaList drawing={drawing} sensitivity={sensitivity} lockOf={lockOf} problemOf={problemOf} />
          </div>
        </Section>
        <Section
          title={text.detection}
          description={<MotionCost camera={camera.name} />}
          actions={<Button onClick={() => setExplaining(true)}>{text.explain}</Button>}
        >
          <div className="flex flex-col gap-4">
            <Select
              label={text.detector}
              value={detector}
              choices={DETECTORS.map((value) => ({ value, label: text.detectors[value] }))}
              disabled={lock(`${path}.detector`) !== undefined}
              hint={lock(`${path}.detector`)}
              error={refused === 'detector' ? problem : undefined}
              onChange={setDetector}
            />
            <Slider
              label={text.sensitivity}
              hint={lock(`${path}.sensitivity`) ?? text.sensitivityHint}
              value={sensitivity}
              min={1}
              max={100}
              disabled={lock(`${path}.sensitivity`) !== undefined}
              onChange={setSensitivity}
            />
            {refused === 'sensitivity' && (
              <p role="alert" className="text-note text-danger">
                {problem}
              </p>
            )}
            <div className="flex flex-col gap-1">
              <h3 className="text-note font-medium text-muted">{text.score}</h3>
              {detector === saved.detector ? (
                <ScoreGraph
                  scores={scores}
                  sensitivityInForce={saved.sensitivity}
                  sensitivity={sensitivity}
                />
              ) : (
                <p className="flex h-36 items-center justify-center rounded-md border border-line bg-surface px-4 text-center text-faint">
                  {text.otherDetector}
                </p>
              )}
            </div>
          </div>
        </Section>
      </div>
      <TrialSection camera={camera.name} version={settings.version} edits={edits} isSound={isSound} />
      {isExplaining && <LiveExplainedDialog camera={camera.name} onClose={() => setExplaining(false)} />}
    </Page>
  );
}
