import { COARSEST_STEP_MS } from '../base/clock.ts';
import { mediaTicks, type MediaTicks, type MonotonicMs } from '../base/time.ts';
import type { SenderReport } from './rtcp.ts';
import { timestampDistance } from './rtp.ts';
import { SoundDrift } from './sound-drift.ts';

/** A single step of the media clock away from arrival times that ends a run. */
const MAX_STEP_SECONDS = 5;
/** How far the media clock may leave arrival times little by little; a congested network alone can make it late. */
const MAX_SKEW_SECONDS = 30;
/** One that is later than that may still catch up: after a standstill of ours, what has come meanwhile is read at once. */
const CATCH_UP_MS = 10_000;
/** What is read in turns arrives together that was sent so far apart, the turn being a little late. */
const LONGEST_TURN_SECONDS = (1.25 * COARSEST_STEP_MS) / 1000;
/** Crystals of cameras and hosts differ by less; what differs by this much is followed without complaint. */
const DRIFT_RATE = 0.001;
/** Sound further than this from the picture is put back in step, */
const MAX_SOUND_SKEW_SECONDS = 0.5;
/** if it is while so many pictures come: after a stall, of ours or of the network, one of the two is read first. */
const SKEWED_PICTURES = 2;
/** RTP-Info counts if the first packet is this near to it, and it agrees with arrival times to the second bound. */
const MAX_RTP_INFO_SECONDS = 60;
const MAX_RTP_INFO_DISAGREEMENT_SECONDS = 1;

/**
 * The zero of a run's media time, shared by the clocks of its tracks: the first video packet that is emitted, or the
 * first of any track if there is no video. That track leads. Another track is laid beside it once, at its first
 * packet: by RTP-Info if both tracks have it and it agrees with their arrival to a second, else by arrival.
 * RTCP sender reports are not used for this: they come after the first packets, and a relation that changes then
 * would tear the sound. They tell how its clock drifts (`sound-drift`). And sound that has parted from the picture by half a second (a
 * camera that sends a stored second of video first) is laid beside it anew.
 */
export class RunOrigin {
  readonly hasVideo: boolean;
  /** Arrival of the leading track's first packet; undefined before it. */
  startMs: MonotonicMs | undefined;
  /** The leader's first packet after the moment of RTP-Info, in seconds. */
  leaderAfterInfoSeconds: number | undefined;
  /** Where the leader's last packet stood, and when it arrived. */
  leaderSeconds = 0;
  leaderArrivalMs = 0;
  /** Pictures, or packets of sound, of the leader so far. */
  leaderUnits = 0;
  /** Where the leader stood at a moment of the camera's wall clock, both in seconds, by its last sender report. */
  leaderReport: { readonly ntp: number; readonly seconds: number } | undefined;

  constructor(options: { readonly hasVideo: boolean }) {
    this.hasVideo = options.hasVideo;
  }

  /** Where the leader would stand at `arrivalMs`, in seconds of the run. */
  leaderSecondsAt(arrivalMs: MonotonicMs): number {
    return this.leaderSeconds + (arrivalMs - this.leaderArrivalMs) / 1000;
  }
}

/** What a clock noticed at a packet. */
export type ClockEvent =
  | { readonly kind: 'time-jump'; readonly jumpSeconds: number }
  | { readonly kind: 'realigned'; readonly stepSeconds: number };

/**
 * Turns the 32-bit RTP time stamps of one track into ticks since the run's start. `start` begins; after it,
 * `advance` goes to each packet in decoding order and `ticks` is where it stands.
 */
export class RtpClock {
  readonly #run: RunOrigin;
  readonly #clockRateHz: number;
  #isLeader = false;
  #rtptime: number | undefined;
  #isStarted = false;
  #lastTimestamp = 0;
  #lastArrivalMs = 0;
  #ticks = 0;
  /** Of a track beside the leader. */
  #drift = new SoundDrift();
  /** How many pictures there had been when it was found too far from them; undefined while it is not. */
  #skewedSinceUnit: number | undefined;
  /** Slowly followed difference of media time and arrival time, in seconds; of the leader only. */
  #skewSeconds = 0;
  /** From one picture to the next; of the leader only. */
  #lastStepSeconds = Number.POSITIVE_INFINITY;
  /** Since when it is too late; of the leader only. */
  #lateSinceMs: MonotonicMs | undefined;

  constructor(run: RunOrigin, clockRateHz: number) {
    this.#run = run;
    this.#clockRateHz = clockRateHz;
  }

  /** The time stamp that RTP-Info gives for the beginning of this PLAY. */
  useRtpInfo(rtptime: number): void {
    this.#rtptime = rtptime;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get ticks(): MediaTicks {
    return mediaTicks(Math.round(this.#ticks + this.#drift.correctedSeconds * this.#clockRateHz));
  }

  /**
   * Begins at this packet.
   * @returns false if the run has not begun, because the leading track is silent so far.
   */
  start(timestamp: number, arrivalMs: MonotonicMs, isVideo: boolean): boolean {
    if (this.#run.startMs === undefined) {
      if (this.#run.hasVideo && !isVideo) return false;
      this.#lead(timestamp, arrivalMs);
    } else {
      this.#ticks = Math.round(this.#positionBesideLeader(timestamp, arrivalMs) * this.#clockRateHz);
    }
    this.#isStarted = true;
    this.#lastTimestamp = timestamp;
    this.#lastArrivalMs = arrivalMs;
    return true;
  }

  /** Goes on to the next packet. After a `time-jump` the clock is meaningless. */
  advance(timestamp: number, arrivalMs: MonotonicMs): ClockEvent | undefined {
    const stepTicks = timestampDistance(this.#lastTimestamp, timestamp);
    const passedSeconds = (arrivalMs - this.#lastArrivalMs) / 1000;
    this.#ticks += stepTicks;
    this.#lastTimestamp = timestamp;
    this.#lastArrivalMs = arrivalMs;
    if (!this.#isLeader) {
      this.#drift.goOn(stepTicks / this.#clockRateHz);
      return this.#keepBesideLeader(arrivalMs);
    }
    return this.#keepPace(stepTicks / this.#clockRateHz, passedSeconds, arrivalMs);
  }

  /** A sender report lays the track on the camera's wall clock: from two of them the drift between both is known. */
  report({ ntpSeconds, ntpFraction, rtpTimestamp }: SenderReport): void {
    if (!this.#isStarted) return;
    const ntp = ntpSeconds + ntpFraction / 2 ** 32;
    const seconds = (this.#ticks + timestampDistance(this.#lastTimestamp, rtpTimestamp)) / this.#clockRateHz;
    const leader = this.#run.leaderReport;
    if (this.#isLeader) this.#run.leaderReport = { ntp, seconds };
    else if (leader !== undefined) this.#drift.report(leader.seconds + (ntp - leader.ntp) - seconds);
  }

  #lead(timestamp: number, arrivalMs: MonotonicMs): void {
    this.#isLeader = true;
    this.#run.startMs = arrivalMs;
    this.#run.leaderArrivalMs = arrivalMs;
    this.#run.leaderAfterInfoSeconds = this.#afterInfoSeconds(timestamp);
  }

  #afterInfoSeconds(timestamp: number): number | undefined {
    if (this.#rtptime === undefined) return undefined;
    const seconds = timestampDistance(this.#rtptime, timestamp) / this.#clockRateHz;
    return Math.abs(seconds) <= MAX_RTP_INFO_SECONDS ? seconds : undefined;
  }

  #positionBesideLeader(timestamp: number, arrivalMs: MonotonicMs): number {
    const byArrival = this.#run.leaderSecondsAt(arrivalMs);
    const ours = this.#afterInfoSeconds(timestamp);
    const leaders = this.#run.leaderAfterInfoSeconds;
    if (ours === undefined || leaders === undefined) return byArrival;
    const byInfo = ours - leaders;
    return Math.abs(byInfo - byArrival) <= MAX_RTP_INFO_DISAGREEMENT_SECONDS ? byInfo : byArrival;
  }

  #keepBesideLeader(arrivalMs: MonotonicMs): ClockEvent | undefined {
    const target = this.#run.leaderSecondsAt(arrivalMs);
    const seconds = this.#ticks / this.#clockRateHz + this.#drift.correctedSeconds;
    const stepSeconds = target - seconds;
    if (Math.abs(stepSeconds) <= MAX_SOUND_SKEW_SECONDS) {
      this.#skewedSinceUnit = undefined;
      return undefined;
    }
    this.#skewedSinceUnit ??= this.#run.leaderUnits;
    if (this.#run.leaderUnits - this.#skewedSinceUnit < SKEWED_PICTURES) return undefined;
    this.#skewedSinceUnit = undefined;
    this.#drift = new SoundDrift();
    this.#ticks = Math.round(target * this.#clockRateHz);
    return { kind: 'realigned', stepSeconds };
  }

  /**
   * The picture may come late (a stalled network, then a burst) but not seconds early, and never runs backwards by
   * more than reordering; and in the long run it keeps the pace of the clock on the wall.
   */
  #keepPace(stepSeconds: number, passedSeconds: number, arrivalMs: MonotonicMs): ClockEvent | undefined {
    const seconds = this.#ticks / this.#clockRateHz;
    const runSeconds = (arrivalMs - (this.#run.startMs ?? arrivalMs)) / 1000;
    const deviation = seconds - runSeconds - this.#skewSeconds;
    const isStep =
      stepSeconds < -MAX_STEP_SECONDS || (stepSeconds > MAX_STEP_SECONDS && deviation > MAX_STEP_SECONDS);
    if (isStep) {
      const isInTurn = passedSeconds <= LONGEST_TURN_SECONDS;
      const restSeconds = isInTurn ? Math.min(passedSeconds, this.#lastStepSeconds) : passedSeconds;
      return { kind: 'time-jump', jumpSeconds: stepSeconds - restSeconds };
    }
    if (stepSeconds > 0) this.#lastStepSeconds = stepSeconds;
    if (deviation >= -MAX_SKEW_SECONDS) this.#lateSinceMs = undefined;
    else this.#lateSinceMs ??= arrivalMs;
    const isTooLate = this.#lateSinceMs !== undefined && arrivalMs - this.#lateSinceMs >= CATCH_UP_MS;
    if (deviation > MAX_SKEW_SECONDS || isTooLate) return { kind: 'time-jump', jumpSeconds: deviation };
    const followed = DRIFT_RATE * Math.max(0, passedSeconds);
    this.#skewSeconds += Math.max(-followed, Math.min(followed, deviation));
    if (stepSeconds !== 0) this.#run.leaderUnits++;
    this.#run.leaderSeconds = seconds;
    this.#run.leaderArrivalMs = arrivalMs;
    return undefined;
  }
}
