import type { MomentFacts, MomentNotice, MomentPicture } from '../../src/http/api/moment.ts';
import { PictureSocket } from './picture-socket.ts';

export interface ShownPicture extends MomentPicture {
  /** Of the detector's four pictures, an address within the page. */
  readonly address: string;
}

export interface ExplainedMoment {
  readonly facts: MomentFacts | undefined;
  readonly pictures: readonly ShownPicture[];
  /** Names of recordings of which nothing can be shown. */
  readonly unreadable: readonly string[];
  /** Whether others are being explained, and this one asks again and again. */
  readonly isQueued: boolean;
  /** Whether all have come that will. */
  readonly isWhole: boolean;
  readonly problem: 'failed' | 'lost' | undefined;
}

export const NOTHING_YET: ExplainedMoment = {
  facts: undefined,
  pictures: [],
  unreadable: [],
  isQueued: false,
  isWhole: false,
  problem: undefined,
};

/** Another explanation takes the server some seconds. */
const ASK_AGAIN_MS = 2_000;

/** How the detector sees what a camera recorded around a moment, as it comes. */
export class MomentFeed {
  readonly #url: string;
  readonly #onChange: (moment: ExplainedMoment) => void;
  #moment = NOTHING_YET;
  #socket: PictureSocket<MomentNotice> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** @param url of the WebSocket `api/cameras/CAMERA/moment`. */
  constructor(url: string, onChange: (moment: ExplainedMoment) => void) {
    this.#url = url;
    this.#onChange = onChange;
  }

  start(): void {
    let picture: MomentPicture | undefined;
    this.#socket = new PictureSocket<MomentNotice>(this.#url, {
      onNotice: (notice) => {
        if (notice.t === 'facts') this.#change({ facts: notice.facts });
        else if (notice.t === 'picture') picture = notice.picture;
        else if (notice.t === 'unreadable')
          this.#change({ unreadable: [...this.#moment.unreadable, notice.file] });
        else this.#end(notice.problem);
      },
      onPicture: (jpeg) => {
        if (picture !== undefined) this.#show(picture, jpeg);
      },
      onLost: () => this.#change({ isQueued: false, isWhole: true, problem: 'lost' }),
    });
  }

  /** The pictures are gone then. */
  close(): void {
    clearTimeout(this.#again);
    this.#socket?.close();
    for (const { address } of this.#moment.pictures) URL.revokeObjectURL(address);
  }

  #show(picture: MomentPicture, jpeg: Blob): void {
    const shown = { ...picture, address: URL.createObjectURL(jpeg) };
    this.#change({ pictures: [...this.#moment.pictures, shown], isQueued: false });
  }

  #end(problem: 'busy' | 'failed' | null): void {
    this.#socket?.close();
    if (problem === 'busy') {
      this.#change({ isQueued: true });
      this.#again = setTimeout(() => this.start(), ASK_AGAIN_MS);
    } else this.#change({ isQueued: false, isWhole: true, problem: problem ?? undefined });
  }

  #change(changed: Partial<ExplainedMoment>): void {
    this.#moment = { ...this.#moment, ...changed };
    this.#onChange(this.#moment);
  }
}
