import { createPlayer } from '../player/playback/multi-player.ts';
import { RATES, type CameraPlace, type PlaybackView, type Player } from '../player/playback/player.ts';

/** What controls show. A new object each time something of it changes. */
export interface PlaybackState {
  /** What was asked for, also while pictures are on their way. */
  readonly isPlaying: boolean;
  /** Negative is backward. */
  readonly rate: number;
  readonly isLoud: boolean;
  readonly view: PlaybackView | undefined;
}

/** What is watched at which moment, whichever cameras are shown: with other cameras comes another player. */
export class PlaybackSession {
  readonly #listeners = new Set<() => void>();
  #player: Player | undefined;
  #stopListening: (() => void) | undefined;
  #momentMs: number;
  #state: PlaybackState = { isPlaying: false, rate: 1, isLoud: false, view: undefined };

  /** @param momentMs where it begins. */
  constructor(momentMs: number) {
    this.#momentMs = momentMs;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): PlaybackState => this.#state;

  /** Where the clock stands. */
  get nowMs(): number {
    const isIdle = this.#player === undefined || this.#player.view.activity === 'idle';
    return isIdle ? this.#momentMs : (this.#player?.nowMs() ?? this.#momentMs);
  }

  /** Shows these cameras from now on, at the same moment. */
  show(places: readonly CameraPlace[], apiUrl: string): void {
    this.hide();
    const player = createPlayer({ places, apiUrl });
    this.#player = player;
    this.#stopListening = player.subscribe(() => this.#tell({ view: player.view }));
    player.setRate(this.#state.rate);
    player.setVolume(this.#state.isLoud ? 1 : 0);
    void player.seek(this.#momentMs);
    if (this.#state.isPlaying) player.play();
  }

  /** Ends the player; the moment is kept. */
  hide(): void {
    this.#momentMs = this.nowMs;
    this.#stopListening?.();
    this.#player?.dispose();
    this.#player = undefined;
  }

  seek(ms: number): void {
    this.#momentMs = ms;
    void this.#player?.seek(Math.floor(ms));
  }

  scrub(ms: number): void {
    this.#momentMs = ms;
    this.#player?.scrub(Math.floor(ms));
  }

  toggle(): void {
    const isPlaying = !this.#state.isPlaying || this.#state.view?.activity === 'end';
    if (isPlaying) this.#player?.play();
    else this.#player?.pause();
    this.#tell({ isPlaying });
  }

  step(direction: 1 | -1): void {
    this.#tell({ isPlaying: false });
    void this.#player?.step(direction);
  }

  setRate(rate: number): void {
    this.#player?.setRate(rate);
    this.#tell({ rate });
  }

  /** One step of those there are, in the direction it plays. */
  faster(direction: 1 | -1): void {
    const { rate } = this.#state;
    const place = RATES.findIndex((one) => one === Math.abs(rate));
    const next = RATES[Math.min(RATES.length - 1, Math.max(0, place + direction))] ?? 1;
    this.setRate(Math.sign(rate) * next);
  }

  setLoud(isLoud: boolean): void {
    this.#player?.setVolume(isLoud ? 1 : 0);
    this.#tell({ isLoud });
  }

  #tell(changed: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...changed };
    for (const listener of this.#listeners) listener();
  }
}
