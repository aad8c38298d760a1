import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../text/text-provider.tsx';
import { Button } from '../ui/button.tsx';

/** What a form is about: a part of the configuration. */
export interface Held<Part> {
  /** From which what is unsaved was changed; what holds, where nothing is. */
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
 * A form that begins anew when what it is about has changed, by a save, by hand or by somebody else; but not while something in it is
 * not saved. Options that were left alone in it are not written, so that it can be saved over what changed meanwhile.
 */
export function HeldPart<Part>({ part, children }: HeldPartProps<Part>): ReactNode {
  const [held, setHeld] = useState<Part>();
  const shown = held ?? part;
  const key = JSON.stringify(shown);
  return (
    <Keyed key={key}>
      {children({
        part: shown,
        isOvertaken: key !== JSON.stringify(part),
        setUnsaved: (isUnsaved) => setHeld(isUnsaved ? shown : undefined),
      })}
    </Keyed>
  );
}

function Keyed({ children }: { readonly children: ReactNode }): ReactNode {
  return children;
}

/** Tells whether a form has something that is not saved. */
export function useUnsaved<Part>({ setUnsaved }: Held<Part>, isUnsaved: boolean): void {
  const [told, setTold] = useState(false);
  // While it is drawn: what holds may be another one by the time of an effect.
}
