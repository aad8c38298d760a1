import type { FromAnalyzer, ToAnalyzer } from '../../../src/analysis/messages.ts';
import { wallMs } from '../../../src/base/time.ts';
import { PLAIN_ENCODING } from '../../../src/config/resolve-reencode.ts';
import type { ClipSpec } from '../../../src/demo/clip-spec.ts';
import type { NalCodecName, VideoTrack } from '../../../src/media/packet.ts';
import { WHOLE_PICTURE } from '../../../src/motion/areas.ts';
import { DIFFERENCE_PRESETS } from '../../../src/motion/difference-settings.ts';
import type { FromPictureMaker, ToPictureMaker } from '../../../src/picture/messages.ts';
import type { SoundDone, SoundWork, ToSoundProcess } from '../../../src/sound/messages.ts';
import type { SoundFormat } from '../../../src/sound/sound-format.ts';
import type { FromTranscoder, ToTranscoder } from '../../../src/transcode/messages.ts';
import { testClip } from '../../fake-camera/clips.ts';
import { opusBeeps } from '../../sources/opus-beeps.ts';
import type { ChildTrial } from './child-trial.ts';
import { ForkedChild } from './forked-child.ts';
import { hostilePackets, perhapsDamaged } from './hostile-clip.ts';

/*
 * The children that packets reach over their channel. Each is fed as the recorder feeds it, at full speed.
 */

const CAMERA = 'hostile';
/**
 * An analyzer passes over what has waited for a second: it gets as much at a time as it deals with in half of that, however slow the
 * machine is.
 */
const ROUND_MS = 500;
const LARGEST_ROUND = 100;
const PACKETS_A_PICTURE = 10;
const PACKETS_A_MESSAGE = 25;
const SOUND_UNIT_MS = 64;

export function analyzerTrial(name: string, spec: Partial<ClipSpec>): ChildTrial {
  return {
    name: `analyzer-${name}`,
    async run(random, count) {
      const clip = await testClip(spec);
      await using child = new ForkedChild<ToAnalyzer, readonly FromAnalyzer[]>('analyzer-main');
      const packets = hostilePackets(clip, random, count);
      const detector = {
        ...DIFFERENCE_PRESETS.current,
        decision: { measure: 'changed-pixels', leastPx: 100 },
      } as const;
      const source = { kind: 'forwarded' } as const;
      const watch = { camera: CAMERA, source, rateFps: clip.rateFps, detector, areas: WHOLE_PICTURE };
      child.send({ type: 'watch', watch });
      let [round, sent, sentMs, taken, answered] = [1, 0, 0, 0, 0];
      let track: VideoTrack | undefined;
      const sendRound = () => {
        sentMs = performance.now();
        for (const { track: itsTrack, isKey, pts, dts, data } of packets.slice(sent, sent + round)) {
          if (itsTrack !== track)
            child.send({ type: 'track', camera: CAMERA, track: itsTrack, isNewRun: false });
          track = itsTrack;
          child.send({
            type: 'packet',
            camera: CAMERA,
            packet: { isKey, pts, dts, data, wallMs: wallMs(Date.now()) },
          });
          sent += 1;
        }
      };
      sendRound();
      const death = await child.hears((messages) => {
        for (const { type } of messages) {
          if (type === 'taken') taken += 1;
          else if (type === 'sample') answered += 1;
        }
        if (taken < sent) return false;
        round = performance.now() - sentMs < ROUND_MS ? Math.min(2 * round, LARGEST_ROUND) : 1;
        sendRound();
        return taken === packets.length;
      });
      return { answered, death };
    },
  };
}

export function transcoderTrial(codec: NalCodecName): ChildTrial {
  return {
    name: `transcoder-${codec}`,
    async run(random, count) {
      const clip = await testClip({ codec, loopSeconds: 4 });
      await using child = new ForkedChild<ToTranscoder, FromTranscoder>('transcoder-main');
      const reencode = { ...PLAIN_ENCODING, codec, encoder: 'software', hasLabel: true } as const;
      child.send({ type: 'order', order: { reencode, camera: CAMERA, timeZone: 'utc' } });
      let portion = 0;
      let track: VideoTrack | undefined;
      for (const { track: itsTrack, isKey, pts, dts, data } of hostilePackets(clip, random, count)) {
        if (isKey) {
          portion += 1;
          child.send({ type: 'portion', portion, track: itsTrack === track ? undefined : itsTrack });
          track = itsTrack;
        }
        child.send({ type: 'packet', packet: { isKey, pts, dts, data, wallMs: wallMs(1e12 + pts / 90) } });
      }
      child.send({ type: 'finish' });
      let answered = 0;
      const death = await child.hears((message) => {
        if (message.type !== 'reencoded') return false;
        answered += message.packets.length;
        return message.portion === portion;
      });
      return { answered, death };
    },
  };
}

export function pictureTrial(name: string, spec: Partial<ClipSpec>): ChildTrial {
  return {
    name: `picture-${name}`,
    async run(random, count) {
      const clip = await testClip(spec);
      await using child = new ForkedChild<ToPictureMaker, FromPictureMaker>('picture-main');
      const packets = hostilePackets(clip, random, count);
      const orders = Math.ceil(packets.length / PACKETS_A_PICTURE);
      let answered = 0;
      const order = (id: number) => {
        const own = packets.slice(id * PACKETS_A_PICTURE, (id + 1) * PACKETS_A_PICTURE);
        const track = own[0]?.track;
        if (track !== undefined)
          child.send({ type: 'make', id, order: { track, packets: own, maxWidthPx: 200 } });
      };
      order(0);
      const death = await child.hears((message) => {
        if ('jpeg' in message) answered += 1;
        if (message.id + 1 === orders) return true;
        order(message.id + 1);
        return false;
      });
      return { answered, death };
    },
  };
}

/** The sound of one camera, in messages such as gather in a few moments. */
export function soundTrial(name: string, format: SoundFormat, unitBytes: number): ChildTrial {
  return {
    name: `sound-${name}`,
    async run(random, count) {
      await using child = new ForkedChild<ToSoundProcess, SoundDone>('sound-main');
      const whole = await wholeUnits(format, () => random.bytes(unitBytes));
      let [line, given, answered] = [0, 0, 0];
      // AAC and Opus are recorded as they come, and decoded to tell how loud they are.
      const use = ['aac', 'opus'].includes(format.codec) ? 'measure' : 'encode';
      const opened = (): SoundWork['opened'] => [{ line: (line += 1), format, use }];
      const give = (begun: SoundWork['opened']) => {
        const packets = Array.from({ length: Math.min(PACKETS_A_MESSAGE, count - given) }, (_, i) => {
          const unit = whole[(given + i) % whole.length] ?? new Uint8Array(unitBytes);
          const seconds = ((given + i) * SOUND_UNIT_MS) / 1_000;
          return { line, seconds, data: perhapsDamaged(random, unit, whole) };
        });
        given += packets.length;
        child.send({ type: 'work', number: given, opened: begun, packets, closed: [] });
      };
      give(opened());
      const death = await child.hears(({ number, units, levels, failed }) => {
        answered += units.length + levels.length;
        if (number === count) return true;
        // Given up, as after a camera's new connection.
        give(failed.length > 0 ? opened() : []);
        return false;
      });
      return { answered, death };
    },
  };
}

async function wholeUnits(
  { codec }: SoundFormat,
  anyBytes: () => Uint8Array,
): Promise<readonly Uint8Array[]> {
  if (codec === 'aac') return (await testClip({ loopSeconds: 4, hasSound: true })).sound?.units ?? [];
  if (codec !== 'opus') return [anyBytes(), anyBytes()];
  const { packet, packetSamples, rateHz } = opusBeeps();
  return Array.from({ length: rateHz / packetSamples }, (_, i) => packet(i * packetSamples));
}
