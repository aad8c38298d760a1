import { useId, type ReactNode } from 'react';
import { bringIntoSight } from './bring-into-sight.ts';

export interface FieldProps {
  readonly label: string;
  /** What to know before filling it in. */
  readonly hint?: ReactNode;
  /** What is wrong with what stands in it, and what to do. */
  readonly error?: string | undefined;
}

/** What the control needs so that label, hint and error are read out with it. */
interface ControlAttributes {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** Label above, hint or error below a control. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & { readonly children: (attributes: ControlAttributes) => ReactNode }): ReactNode {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = error !== undefined || hint !== undefined;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-note font-medium text-muted">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': hasNote ? noteId : undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {error !== undefined ? (
        <p ref={bringIntoSight} id={noteId} role="alert" className="scroll-mt-24 text-note text-danger">
          {error}
        </p>
      ) : (
        hint !== undefined && (
          <p id={noteId} className="text-note text-faint">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

/** The look of what one writes or chooses in. */
export const CONTROL =
  'min-h-9 w-full min-w-0 rounded-md border border-control bg-surface px-2.5 text-text placeholder:text-faint aria-invalid:border-danger disabled:opacity-55 pointer-coarse:min-h-11 pointer-coarse:text-base';
