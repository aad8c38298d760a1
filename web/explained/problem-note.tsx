import type { ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';

interface ProblemNoteProps {
  readonly problem: 'failed' | 'lost';
  readonly onRetry: () => void;
}

/** Why nothing more comes. */
export function ProblemNote({ problem, onRetry }: ProblemNoteProps): ReactNode {
  const text = useText('explained');
  return (
    <p role="alert" className="flex flex-wrap items-center gap-3 text-warning">
      {text.problems[problem]}
      <Button onClick={onRetry}>{text.retry}</Button>
    </p>
  );
}
