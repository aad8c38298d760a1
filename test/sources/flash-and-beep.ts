import { VideoDecoder } from '../../src/decode/decoder.ts';
import type { Mp4File } from '../../src/media/fmp4/reader.ts';
import type { AudioTrack } from '../../src/media/packet.ts';
import { SoundDecoder } from '../../src/sound/sound-decoder.ts';
import { onsets, pitchHz } from '../../src/sound/testing/tones.ts';

/** What is seen and heard in a file of a beacon camera, in seconds of its run. */
export interface FlashAndBeep {
  readonly flashes: readonly number[];
  readonly beeps: readonly number[];
  /** Of each flash with a beep near it: how much later that is heard. */
  readonly lateSeconds: readonly number[];
  /** Of the first whole beep. */
  readonly beepHz: number | undefined;
}

export const FLASH_LUMA = 128;
const NEAR_SECONDS = 0.4;

export function flashesAndBeeps(mp4: Mp4File, bytes: Uint8Array): FlashAndBeep {
  const flashes = flashesIn(mp4, bytes);
  const { heard, startSeconds, rateHz } = soundIn(mp4, bytes);
  const beeps = onsets(heard, rateHz).map((at) => at + startSeconds);
  const [first] = beeps;
  const from = first === undefined ? undefined : Math.round((first - startSeconds + 0.02) * rateHz);
  const beepHz = from === undefined ? undefined : pitchHz(heard.subarray(from, from + 0.06 * rateHz), rateHz);
  return { flashes, beeps, lateSeconds: lateSeconds(flashes, beeps), beepHz };
}

/** Of each flash with a beep near it: how much later that is heard. */
export function lateSeconds(flashes: readonly number[], beeps: readonly number[]): number[] {
  return flashes.flatMap((flash) => {
    const beep = beeps.find((at) => Math.abs(at - flash) < NEAR_SECONDS);
    return beep === undefined ? [] : [beep - flash];
  });
}

function flashesIn(mp4: Mp4File, bytes: Uint8Array): number[] {
  const flashes: number[] = [];
  let wasLight = true;
  using decoder = new VideoDecoder();
  for (const { header, samples } of mp4.fragments.flatMap(({ runs }) => runs)) {
    const { track } = header;
    if (track.kind !== 'video') continue;
    for (const { positionBytes, sizeBytes, isKey, pts, dts } of samples) {
      const data = bytes.subarray(positionBytes, positionBytes + sizeBytes);
      decoder.decode({ track, isKey, pts, dts, data }, (picture) => {
        const isLight = (picture.readLuma().data[1_000] ?? 0) > FLASH_LUMA;
        if (isLight && !wasLight) flashes.push(picture.pts / track.clockRateHz);
        wasLight = isLight;
      });
    }
  }
  return flashes;
}

/** The first channel. */
function soundIn(mp4: Mp4File, bytes: Uint8Array) {
  const runs = mp4.fragments
    .flatMap((fragment) => fragment.runs)
    .filter(({ header }) => header.track.kind === 'audio');
  const track = runs[0]?.header.track as AudioTrack | undefined;
  const samples = runs.flatMap((run) => run.samples);
  const start = samples[0]?.pts ?? 0;
  const rateHz = track?.clockRateHz ?? 1;
  const heard = new Float32Array((samples.at(-1)?.pts ?? 0) - start + 5_760);
  if (track === undefined) return { heard, startSeconds: 0, rateHz };
  using decoder = new SoundDecoder({
    codec: track.codec === 'aac' ? 'aac' : 'opus',
    sampleRateHz: rateHz,
    channels: track.channels,
    ...(track.codec === 'aac' ? { configuration: track.audioSpecificConfig } : {}),
  });
  for (const { positionBytes, sizeBytes, pts } of samples) {
    decoder.decode(bytes.subarray(positionBytes, positionBytes + sizeBytes), (frame) => {
      const plane = frame.data?.[0];
      if (plane === undefined) return;
      for (let i = 0; i < frame.nbSamples; i++) heard[pts - start + i] = plane.readFloatLE(i * 4);
    });
  }
  return { heard, startSeconds: start / rateHz, rateHz };
}
