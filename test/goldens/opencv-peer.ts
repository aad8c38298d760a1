import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DifferenceSettings } from '../../src/motion/difference-settings.ts';
import type { ScaledSize } from '../../src/motion/scale-area.ts';

export interface PeerVersions {
  readonly opencv: string;
  readonly python: string;
  readonly cpu: string;
}

/** What OpenCV made of a picture; planes, boxes and points as checksums. */
export interface PeerOutcome {
  readonly score: number;
  readonly isMotion: boolean;
  readonly changed: string;
  readonly mask: string;
  readonly boxes: string;
  readonly areaPx: number;
  readonly points: string;
}

/** Pictures of one size, luma of 0..255 without padding. */
export interface PeerPictures extends ScaledSize {
  readonly lumas: readonly Uint8Array[];
}

const SCRIPT = join('test', 'goldens', 'opencv_peer.py');
const PYTHONS = [process.env['PYTHON'], 'python3', '/usr/bin/python3'];

/** OpenCV in a Python of its own, on one thread, asked one thing after another. Run from the project's folder. */
export class OpenCvPeer implements Disposable {
  readonly #child: ChildProcess;
  readonly #output: AsyncIterator<Buffer, undefined>;
  #received: Buffer = Buffer.alloc(0);

  /** @throws Error when no Python with OpenCV is installed. */
  static start(): OpenCvPeer {
    const hasOpenCv = (python: string | undefined) =>
      python !== undefined && spawnSync(python, ['-c', 'import cv2, numpy']).status === 0;
    const python = PYTHONS.find(hasOpenCv);
    if (python !== undefined) return new OpenCvPeer(python);
    throw new Error(
      'No Python with OpenCV found. Install it (Debian: apt install python3-opencv; else: pip install ' +
        'opencv-python-headless), or name the Python that has it in the variable PYTHON.',
    );
  }

  private constructor(python: string) {
    this.#child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    // Readable streams of bytes give buffers.
    this.#output = this.#child.stdout?.[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  async versions(): Promise<PeerVersions> {
    return (await this.#ask({ hello: true })) as PeerVersions;
  }

  /** Begins a clip, shrunk to `size` if given, with new detectors. @throws Error if there is no such clip. */
  async open(path: string, size?: ScaledSize): Promise<void> {
    const answer = await this.#ask({ open: path, size: size ? [size.widthPx, size.heightPx] : null });
    if (!(answer as { opened: boolean }).opened) throw new Error(`OpenCV cannot open ${path}`);
  }

  /** The next pictures, up to `count`, none at the end. */
  async read(count: number): Promise<PeerPictures> {
    const answer = (await this.#ask({ read: count })) as ScaledSize & { count: number };
    const { widthPx, heightPx } = answer;
    const lumas: Uint8Array[] = [];
    while (lumas.length < answer.count) lumas.push(await this.#take(widthPx * heightPx));
    return { widthPx, heightPx, lumas };
  }

  /** What the detector of that name makes of the pictures read last. */
  async detect(name: string, settings: DifferenceSettings): Promise<readonly PeerOutcome[]> {
    return ((await this.#ask({ detect: name, settings })) as { outcomes: PeerOutcome[] }).outcomes;
  }

  /** How many microseconds it takes for each of them, contours where there is motion included. */
  async time(name: string, settings: DifferenceSettings): Promise<readonly number[]> {
    return ((await this.#ask({ time: name, settings })) as { us: number[] }).us;
  }

  [Symbol.dispose](): void {
    this.#child.stdin?.end();
  }

  async #ask(request: object): Promise<unknown> {
    if (this.#child.stdin?.write(`${JSON.stringify(request)}\n`) === false) {
      await once(this.#child.stdin, 'drain');
    }
    while (!this.#received.includes('\n')) await this.#receive();
    const line = await this.#take(this.#received.indexOf('\n') + 1);
    return JSON.parse(Buffer.from(line).toString());
  }

  async #take(bytes: number): Promise<Uint8Array> {
    const chunks = [this.#received];
    let length = this.#received.length;
    while (length < bytes) {
      const chunk = await this.#next();
      chunks.push(chunk);
      length += chunk.length;
    }
    const all = Buffer.concat(chunks);
    this.#received = all.subarray(bytes);
    return all.subarray(0, bytes);
  }

  async #receive(): Promise<void> {
    this.#received = Buffer.concat([this.#received, await this.#next()]);
  }

  async #next(): Promise<Buffer> {
    const { value, done } = await this.#output.next();
    if (done === true) throw new Error('OpenCV has ended early');
    return value;
  }
}
