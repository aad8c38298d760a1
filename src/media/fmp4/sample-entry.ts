import type { Orientation } from '../../base/orientation.ts';
import { bytesEqual } from '../nal.ts';
import { sameOrientation } from '../orientation.ts';
import type { Mp4SoundTrack, OpusTrack, VideoTrack } from '../packet.ts';
import { box, encodeParts, fullBox, u16, u32, u8, zeros, type Part } from './box.ts';
import { decoderConfiguration } from './decoder-configuration.ts';
import { audioDescriptor } from './descriptor.ts';
import { trackId, type Mp4Track } from './mp4-track.ts';

const DOTS_72_PER_INCH = 0x00480000;
/** Sample entry and the box in it that tells the decoder. */
const VISUAL_ENTRIES = { h264: ['avc1', 'avcC'], h265: ['hvc1', 'hvcC'], av1: ['av01', 'av1C'] } as const;

/**
 * The `stsd` entry that tells a decoder how to start: `avc1` (ISO 14496-15 5.4.2), `hvc1` (8.4.1; Safari refuses
 * `hev1`), `av01` ("AV1 Codec ISO Media File Format Binding" 2.2), `mp4a` (ISO 14496-14 5.6) or `Opus`. Colour stays in the SPS: a `colr` box would have to claim primaries too.
 * @throws Mp4Error `unrepresentable` for parameter sets too long or too many; BitstreamError for those that cannot be
 *   parsed.
 */
export function sampleEntry(track: Mp4Track): Part {
  if (track.kind === 'audio') return audioSampleEntry(track);
  const [entry, configuration] = VISUAL_ENTRIES[track.codec];
  return visualSampleEntry(entry, track, box(configuration, ...decoderConfiguration(track.parameterSets)));
}

/** Whether packets of both can be in one track of a file: to a decoder they are the same. */
export function isSameFormat(a: Mp4Track, b: Mp4Track): boolean {
  return (
    a.index === b.index &&
    a.clockRateHz === b.clockRateHz &&
    sameOrientation(orientationOfTrack(a), orientationOfTrack(b)) &&
    bytesEqual(encodeParts([sampleEntry(a)]), encodeParts([sampleEntry(b)]))
  );
}

function orientationOfTrack(track: Mp4Track): Orientation | undefined {
  return track.kind === 'video' ? track.orientation : undefined;
}

function visualSampleEntry(type: string, track: VideoTrack, configuration: Part): Part {
  return box(
    type,
    ...sampleEntryHead(),
    zeros(16),
    u16(track.widthPx, track.heightPx),
    u32(DOTS_72_PER_INCH, DOTS_72_PER_INCH, 0),
    // One frame a sample, no compressor name, 24 bits a pixel, no colour table.
    u16(1),
    zeros(32),
    u16(0x0018, 0xffff),
    configuration,
  );
}

function audioSampleEntry(track: Mp4SoundTrack): Part {
  // 16.16 fixed point holds rates up to 65,535; zero leaves a higher one to the AudioSpecificConfig.
  const rateHz = track.clockRateHz <= 0xffff ? track.clockRateHz : 0;
  return box(
    track.codec === 'aac' ? 'mp4a' : 'Opus',
    ...sampleEntryHead(),
    zeros(8),
    u16(track.channels, 16, 0, 0),
    u32(rateHz * 0x10000),
    track.codec === 'aac'
      ? fullBox('esds', 0, 0, audioDescriptor(trackId(track), track.audioSpecificConfig))
      : opusConfiguration(track),
  );
}

/**
 * `OpusSpecificBox` ("Encapsulation of Opus in ISO Base Media File Format" 4.3.2). Nothing is to be skipped: the stream was
 * under way, and packets are placed where they are heard.
 */
function opusConfiguration({ channels, clockRateHz }: OpusTrack): Part {
  return box('dOps', u8(0, channels), u16(0), u32(clockRateHz), u16(0), u8(0));
}

/** Six reserved bytes, then the data reference: the first. */
function sampleEntryHead(): readonly Part[] {
  return [zeros(6), u16(1)];
}
