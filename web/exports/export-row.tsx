import { Copy, Download, Trash2, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { ExportJson } from '../../src/http/api/exports.ts';
import { useErrorText } from '../api/error-text.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { momentText } from '../timeline/moment-format.ts';
import { Badge } from '../ui/badge.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { useToast } from '../ui/toasts.tsx';
import { exportFileUrl, useDeleteExport } from './exports-api.ts';
import { ProblemLine } from './problem-line.tsx';

const TONES = { waiting: 'neutral', working: 'accent', done: 'ok', failed: 'danger' } as const;

/** Of a damaged disk there may be thousands. */
const MOST_PROBLEMS = 50;

interface ExportRowProps {
  readonly job: ExportJson;
  readonly format: Format;
}

/** An export with its progress, and then its files. */
export function ExportRow({ job, format }: ExportRowProps): ReactNode {
  const text = useText('exports');
  const toast = useToast();
  const errorText = useErrorText();
  const deleting = useDeleteExport();
  const [isAsking, setAsking] = useState(false);
  const isBusy = job.state === 'waiting' || job.state === 'working';
  const remove = (): void => {
    setAsking(false);
    deleting.mutate(job.id, {
      onSuccess: () => toast(text.deleted),
      onError: (error) => toast(errorText(error), 'error'),
    });
  };
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
            {job.cameras.join(', ')}
            <Badge tone={TONES[job.state]}>{text.states[job.state]}</Badge>
          </p>
          <p className="text-muted tabular-nums">
            {text.span(format.dateTime(job.fromMs), momentText(format, job.toMs, job.fromMs))}
          </p>
          <p className="text-note text-faint">{text.by(job.user, format.dateTime(job.createdMs))}</p>
        </div>
        <IconButton
          icon={isBusy ? X : Trash2}
          label={isBusy ? text.cancel : text.delete}
          disabled={deleting.isPending}
          onClick={() => (isBusy ? remove() : setAsking(true))}
        />
      </div>
      {isBusy && (
        <progress
          aria-label={text.progress(format.percent(job.progress))}
          value={job.progress}
          max={1}
          className="h-1.5 w-full overflow-hidden rounded-full accent-accent"
        />
      )}
      {job.files.map((file) => (
        <ExportedFile key={file.name} job={job} file={file} format={format} />
      ))}
      {job.problems.length > 0 && (
        <details open={job.state === 'failed'} className="text-muted">
          <summary className="cursor-pointer">{text.problems}</summary>
          <ul className="list-disc pl-5 text-note wrap-anywhere">
            {job.problems.slice(0, MOST_PROBLEMS).map((problem, i) => (
              // oxlint-disable-next-line react/no-array-index-key -- they stay as they are.
              <ProblemLine key={i} problem={problem} format={format} />
            ))}
          </ul>
        </details>
      )}
      <ConfirmDialog
        title={text.deleteTitle}
        description={text.deleteHint}
        action={text.delete}
        isOpen={isAsking}
        onConfirm={remove}
        onClose={() => setAsking(false)}
      />
    </li>
  );
}

interface ExportedFileProps {
  readonly job: ExportJson;
  readonly file: ExportJson['files'][number];
  readonly format: Format;
}

function ExportedFile({ job, file, format }: ExportedFileProps): ReactNode {
  const text = useText('exports');
  const toast = useToast();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(file.sha256);
    toast(text.sha256Copied);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-ground px-3 py-2">
      <a
        href={exportFileUrl(job, file.name)}
        download
        aria-label={text.download(file.name)}
        className="inline-flex min-h-9 items-center gap-2 font-medium text-accent wrap-anywhere hover:underline"
      >
        <Download aria-hidden="true" className="size-4 shrink-0" />
        {file.name}
      </a>
      <span className="text-muted tabular-nums">
        {format.duration(file.lengthMs)}, {format.bytes(file.sizeBytes)}
      </span>
      <span className="flex min-w-0 basis-full items-center gap-1 text-note text-faint">
        <span className="shrink-0">{text.sha256}</span>
        <code className="min-w-0 truncate font-mono">{file.sha256}</code>
        {/* Browsers have a clipboard over HTTPS only; else it can be selected. */}
        {'clipboard' in navigator && (
          <IconButton icon={Copy} label={text.copySha256} onClick={() => void copy()} />
        )}
      </span>
    </div>
  );
}
