import { Fragment, useEffect, useState, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { LeavingQuestion } from './leaving-question.tsx';

/** What a form is about: a part of the configuration. */
export interface Held<Part> {
  /** What holds; where something in the form is not saved, what held when that was begun. */
  readonly part: Part;
  /** Another one than that holds by now. */
  readonly isOvertaken: boolean;
  readonly setUnsaved: (isUnsaved: boolean) => void;
}

interface HeldPartProps<Part> {
  readonly part: Part;
  readonly children: (held: Held<Part>) => ReactNode;
}

/**
 * A form that begins anew when what it is about changes: saved here, by somebody else or by hand. While something in it is not saved it
 * stays as it is, and can still be saved: what was left alone in it is not written. Leaving it then is asked about.
 */
export function HeldPart<Part>({ part, children }: HeldPartProps<Part>): ReactNode {
  const [unsavedOf, setUnsavedOf] = useState<Part>();
  const shown = unsavedOf ?? part;
  const key = JSON.stringify(shown);
  const setUnsaved = (isUnsaved: boolean): void =>
    setUnsavedOf((before) => (isUnsaved ? (before ?? shown) : undefined));
  return (
    <Fragment key={key}>
      {children({ part: shown, isOvertaken: key !== JSON.stringify(part), setUnsaved })}
      {unsavedOf !== undefined && <LeavingQuestion />}
    </Fragment>
  );
}

/** Tells whether something in a form is not saved. */
export function useUnsaved<Part>({ setUnsaved }: Held<Part>, isUnsaved: boolean): void {
  useEffect(() => setUnsaved(isUnsaved));
}

/** What was changed elsewhere while something was changed here. */
export function OvertakenNote(): ReactNode {
  const text = useText('settings');
  return (
    <p role="status" className="mb-4 rounded-md bg-warning-soft px-3 py-2 text-warning">
      {text.overtaken}
    </p>
  );
}
