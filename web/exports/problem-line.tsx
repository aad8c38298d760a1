import type { ReactNode } from 'react';
import type { ExportJson } from '../../src/http/api/exports.ts';
import type { Format } from '../text/format.ts';
import { useText } from '../text/text-provider.tsx';
import { momentText } from '../timeline/moment-format.ts';

interface ProblemLineProps {
  readonly problem: ExportJson['problems'][number];
  readonly format: Format;
}

/** What of an export is missing, or went wrong. */
export function ProblemLine({ problem, format }: ProblemLineProps): ReactNode {
  const text = useText('exports');
  const { kind, camera, message } = problem;
  const told = (): string => {
    if (kind === 'nothing') return text.problemKinds.nothing;
    // What was found, for those who look for the cause.
    if (kind !== 'not-recorded') return `${text.problemKinds[kind]} (${message})`;
    const { fromMs, toMs } = problem;
    const span = text.span(format.dateTime(fromMs), momentText(format, toMs, fromMs));
    return text.notRecorded(span, format.duration(toMs - fromMs));
  };
  return (
    <li>
      {camera !== undefined && `${camera}: `}
      {told()}
    </li>
  );
}
