import type { ChildPrograms } from '../app/recorder-app.ts';

/** What lies beside the program itself, as paths of built JavaScript where nothing else is said. */
export interface Programs extends ChildPrograms {
  readonly devices: string;
  readonly clipMaker: string;
  /** The motion kernel, WebAssembly. */
  readonly kernel: string;
}
