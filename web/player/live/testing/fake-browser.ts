import { vi } from 'vitest';
import type { WallMs } from '../../../../src/base/time.ts';
import type { LiveNotice, LiveRequest, LiveTrack } from '../../../../src/http/api/live.ts';
import { encodeLiveFrame } from '../../../../src/live/live-message.ts';
import { LIVE_FLAG } from '../../../../src/live/protocol.ts';
import { messageOf } from '../../../../src/live/testing/message-of.ts';

/*
 * As much of a browser as a live player needs. A fragment's payload is eight bytes: from when to when it lasts in media
 * time, in ms, as two numbers of 32 bits; what is appended makes `buffered` longer.
 */

export class FakeSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 3;
  static all: FakeSocket[] = [];
  readonly sent: LiveRequest[] = [];
  binaryType = 'blob';
  readyState = FakeSocket.CONNECTING;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  }

  open(): void {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  /** Ends as the server or the network would. */
  lose(): void {
    this.readyState = FakeSocket.CLOSED;
    this.dispatchEvent(new Event('close'));
  }

  close(): void {
    this.readyState = FakeSocket.CLOSED;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as LiveRequest);
  }

  tell(notice: LiveNotice): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(notice) }));
  }

  give(message: Uint8Array): void {
    this.dispatchEvent(new MessageEvent('message', { data: Uint8Array.from(message).buffer }));
  }
}

export class FakeSourceBuffer extends EventTarget {
  updating = false;
  readonly types: string[] = [];
  readonly removed: (readonly [number, number])[] = [];
  inits = 0;
  /** Whether it keeps what is appended, as a browser does that can make something of it. */
  takesPictures = true;
  fromMs = 0;
  toMs = 0;

  get buffered(): { length: number; start(): number; end(): number } {
    return {
      length: this.toMs > this.fromMs ? 1 : 0,
      start: () => this.fromMs / 1000,
      end: () => this.toMs / 1000,
    };
  }

  appendBuffer(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.byteLength; at += 8) {
      const toMs = view.getUint32(at + 4);
      if (toMs === 0) this.inits += 1;
      else if (this.takesPictures) {
        if (this.toMs <= this.fromMs) this.fromMs = view.getUint32(at);
        this.toMs = Math.max(this.toMs, toMs);
      }
    }
    this.#update();
  }

  changeType(mime: string): void {
    this.types.push(mime);
  }

  remove(startS: number, endS: number): void {
    this.removed.push([startS, endS]);
    if (endS * 1000 < this.toMs) this.fromMs = endS * 1000;
    else this.fromMs = this.toMs = 0;
    this.#update();
  }

  abort(): void {
    // Nothing is torn here.
  }

  #update(): void {
    this.updating = true;
    queueMicrotask(() => {
      this.updating = false;
      this.dispatchEvent(new Event('updateend'));
    });
  }
}

export class FakeMediaSource extends EventTarget {
  static all: FakeMediaSource[] = [];
  static supported = /avc1|mp4a/;
  readonly buffers: FakeSourceBuffer[] = [];
  readyState = 'closed';
  duration = NaN;

  constructor() {
    super();
    FakeMediaSource.all.push(this);
    queueMicrotask(() => {
      this.readyState = 'open';
      this.dispatchEvent(new Event('sourceopen'));
    });
  }

  static isTypeSupported(type: string): boolean {
    return FakeMediaSource.supported.test(type);
  }

  addSourceBuffer(mime: string): FakeSourceBuffer {
    const buffer = new FakeSourceBuffer();
    buffer.types.push(mime);
    this.buffers.push(buffer);
    return buffer;
  }
}

export class FakeVideo extends EventTarget {
  src = '';
  muted = false;
  playsInline = false;
  disableRemotePlayback = false;
  volume = 1;
  playbackRate = 1;
  paused = true;
  readonly seeking = false;
  #currentTime = 0;

  get currentTime(): number {
    return this.#currentTime;
  }

  /** What is sought is found at once, as far as anybody can tell. */
  set currentTime(seconds: number) {
    this.#currentTime = seconds;
    queueMicrotask(() => this.dispatchEvent(new Event('seeked')));
  }

  play(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
  }

  load(): void {
    this.#currentTime = 0;
  }

  removeAttribute(): void {
    this.src = '';
  }

  requestVideoFrameCallback(callback: () => void): number {
    queueMicrotask(callback);
    return 0;
  }
}

export interface FakeBrowser {
  readonly video: FakeVideo;
  hide(isHidden: boolean): void;
}

/** Stands in for the browser's globals, with simulated time. */
export function fakeBrowser(): FakeBrowser {
  FakeSocket.all = [];
  FakeMediaSource.all = [];
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'],
    now: 1_795_000_000_000,
  });
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('MediaSource', FakeMediaSource);
  vi.stubGlobal('document', page);
  vi.stubGlobal('URL', { createObjectURL: () => 'blob:fake', revokeObjectURL: () => undefined });
  return {
    video: new FakeVideo(),
    hide(isHidden) {
      page.hidden = isHidden;
      page.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

export const EPOCH_MS = 1_795_000_000_000;

export function track(parts: Partial<LiveTrack> = {}): LiveTrack {
  return {
    t: 'track',
    gen: 1,
    stream: 'main',
    because: null,
    hasSub: true,
    mime: 'video/mp4; codecs="avc1.640028"',
    video: 'avc1.640028',
    audio: null,
    audioRateHz: null,
    audioChannels: null,
    w: 1920,
    h: 1080,
    fps: 25,
    liveFrom: 0,
    epochUs: EPOCH_MS * 1000,
    ...parts,
  };
}

export function init(gen = 1): Uint8Array {
  const header = { kind: 'init', flags: 0, gen, seq: 0, captureMs: EPOCH_MS as WallMs } as const;
  return messageOf(encodeLiveFrame(header, [new Uint8Array(8)]));
}

/** A picture of 40 ms. */
export function picture(seq: number, { gen = 1, isKey = false } = {}): Uint8Array {
  const payload = new DataView(new ArrayBuffer(8));
  payload.setUint32(0, seq * 40);
  payload.setUint32(4, seq * 40 + 40);
  const captureMs = (EPOCH_MS + seq * 40) as WallMs;
  const header = { kind: 'fragment', flags: isKey ? LIVE_FLAG.key : 0, gen, seq, captureMs } as const;
  return messageOf(encodeLiveFrame(header, [new Uint8Array(payload.buffer)]));
}
