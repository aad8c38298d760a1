import { AV_SAMPLE_FMT_FLTP, type AVSampleFormat } from 'node-av/constants';
import { SoftwareResampleContext, type ChannelLayout, type Frame } from 'node-av/lib';
import { EncodeError } from '../decode/encode-error.ts';
import { AacEncoder, channelLayout, type AacUnit } from './aac-encoder.ts';
import { aacFormatFor, type AacFormat } from './aac-format.ts';
import { SoundDecoder } from './sound-decoder.ts';
import type { SoundFormat } from './sound-format.ts';
import { Steering } from './steering.ts';

/** How samples come out of a decoder. */
interface Samples {
  readonly format: AVSampleFormat;
  readonly rateHz: number;
  readonly layout: ChannelLayout;
}

/**
 * Sound of any format as AAC, in step with the times of its packets. Loads native code: not for the recorder's process.
 * Dispose of it.
 */
export class SoundEncoder implements Disposable {
  /** Of what comes out. */
  readonly format: AacFormat;
  readonly #decoder: SoundDecoder;
  readonly #onUnit: (unit: AacUnit) => void;
  readonly #steering = new Steering();
  #encoder: AacEncoder | undefined;
  #resampler: { readonly from: Samples; readonly context: SoftwareResampleContext } | undefined;
  #lastTicks = -1;

  /** @throws EncodeError */
  constructor(format: SoundFormat, onUnit: (unit: AacUnit) => void) {
    this.format = aacFormatFor(format);
    this.#decoder = new SoundDecoder(format);
    this.#onUnit = onUnit;
  }

  /**
   * @param seconds when it is heard, from any beginning; what lies before that is left out.
   * @throws EncodeError
   */
  push(data: Uint8Array, seconds: number): void {
    let at = seconds;
    this.#decoder.decode(data, (frame) => {
      if (frame.nbSamples <= 0 || frame.sampleRate <= 0) return;
      this.#take(frame, at);
      at += frame.nbSamples / frame.sampleRate;
    });
  }

  /** Lets out what is still to come. */
  finish(): void {
    const encoder = this.#encoder;
    this.#encoder = undefined;
    encoder?.finish();
    encoder?.[Symbol.dispose]();
    this.#resampler?.context[Symbol.dispose]();
    this.#resampler = undefined;
  }

  [Symbol.dispose](): void {
    this.#encoder?.[Symbol.dispose]();
    this.#resampler?.context[Symbol.dispose]();
    this.#decoder[Symbol.dispose]();
  }

  #take(frame: Frame, seconds: number): void {
    const from: Samples = {
      format: frame.format as AVSampleFormat,
      rateHz: frame.sampleRate,
      layout: layoutOf(frame.channelLayout),
    };
    if (this.#resampler !== undefined && !isSame(this.#resampler.from, from)) this.finish();
    const late = this.#lateSeconds(seconds);
    const step = late === undefined ? undefined : this.#steering.next(seconds, late);
    if (step?.kind === 'leave-out') return;
    if (step?.kind === 'anew') this.finish();
    const { sampleRateHz } = this.format;
    const { context } = (this.#resampler ??= { from, context: this.#makeResampler(from) });
    if (step?.kind === 'fill') context.injectSilence(Math.round(step.seconds * from.rateHz));
    if (step?.kind === 'stretch') {
      context.setCompensation(Math.round(step.bySeconds * sampleRateHz), sampleRateHz);
    }
    this.#encoder ??= this.#makeEncoder(seconds);
    this.#encoder.push(this.#resample(context, frame));
  }

  /** How much later a moment is than the end of what has been taken; undefined at the beginning. */
  #lateSeconds(seconds: number): number | undefined {
    if (this.#encoder === undefined || this.#resampler === undefined) return undefined;
    const { sampleRateHz } = this.format;
    const heldTicks = Number(this.#resampler.context.getDelay(BigInt(sampleRateHz)));
    return seconds - (this.#encoder.nextTicks + heldTicks) / sampleRateHz;
  }

  #makeEncoder(seconds: number): AacEncoder {
    const startTicks = Math.round(seconds * this.format.sampleRateHz);
    return new AacEncoder(this.format, startTicks, (unit) => {
      if (unit.ticks <= this.#lastTicks) return;
      this.#lastTicks = unit.ticks;
      this.#onUnit(unit);
    });
  }

  #makeResampler({ format, rateHz, layout }: Samples): SoftwareResampleContext {
    const context = new SoftwareResampleContext();
    const to = channelLayout(this.format.channels);
    const { sampleRateHz } = this.format;
    EncodeError.check(
      'preparing sound',
      context.allocSetOpts2(to, AV_SAMPLE_FMT_FLTP, sampleRateHz, layout, format, rateHz),
    );
    // Otherwise it would begin anew, audibly, when it is stretched for the first time.
    context.setOption('flags', 'res');
    EncodeError.check('preparing sound', context.init());
    return context;
  }

  #resample(context: SoftwareResampleContext, frame: Frame): Buffer[] {
    const most = context.getOutSamples(frame.nbSamples);
    const planes = Array.from({ length: this.format.channels }, () => Buffer.alloc(most * 4));
    const samples = context.convertSync(planes, most, frame.data, frame.nbSamples);
    EncodeError.check('resampling sound', samples);
    return planes.map((plane) => plane.subarray(0, samples * 4));
  }
}

/** Of one or two channels the layout is known, told or not. */
function layoutOf(told: ChannelLayout): ChannelLayout {
  return told.nbChannels === 1 || told.nbChannels === 2 ? channelLayout(told.nbChannels) : told;
}

function isSame(a: Samples, b: Samples): boolean {
  return a.format === b.format && a.rateHz === b.rateHz && a.layout.nbChannels === b.layout.nbChannels;
}
