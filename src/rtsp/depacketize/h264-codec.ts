import {
  H264_NAL,
  h264SlicePpsId,
  h264Track,
  isH264Slice,
  parseH264PpsIds,
  parseH264Sps,
} from '../../media/h264.ts';
import type { H264ParameterSets, VideoTrack } from '../../media/packet.ts';
import { recoveryPointIn } from '../../media/recovery-point.ts';
import { ParameterSetTable, sameSets } from './parameter-sets.ts';
import type { NalRole, VideoCodec } from './video-codec.ts';

/** Roles of NAL unit types 0..31 (ISO 14496-10 table 7-1); those not listed are dropped. */
const ROLES: readonly (NalRole | undefined)[] = Array.from({ length: 32 }, (_, type) => roleOfType(type));

function roleOfType(type: number): NalRole | undefined {
  if (type === H264_NAL.idr) return 'key-slice';
  if (isH264Slice(type)) return 'slice';
  if (type === H264_NAL.sps || type === H264_NAL.pps) return 'parameters';
  const extras: readonly number[] = [
    H264_NAL.slicePartitionB,
    H264_NAL.slicePartitionC,
    H264_NAL.sei,
    H264_NAL.prefix,
    H264_NAL.auxiliarySlice,
    H264_NAL.extensionSlice,
    H264_NAL.depthSlice,
  ];
  return extras.includes(type) ? 'extra' : undefined;
}

export class H264Codec implements VideoCodec {
  readonly nalHeaderBytes = 1;
  readonly #index: number;
  readonly #sps = new ParameterSetTable(parseH264Sps);
  readonly #pps = new ParameterSetTable(parseH264PpsIds);
  #spsId: number | undefined;
  #track: VideoTrack | undefined;
  #hasChanged = false;

  /** @param index of the track. */
  constructor(index: number) {
    this.#index = index;
  }

  role(first: number): NalRole {
    return ROLES[first & 0x1f] ?? 'drop';
  }

  isRecoveryPoint(nal: Uint8Array): boolean {
    return recoveryPointIn('h264', nal) !== undefined;
  }

  breaksLeading(): boolean {
    return false;
  }

  offer(nal: Uint8Array): void {
    const isSps = ((nal[0] ?? 0) & 0x1f) === H264_NAL.sps;
    if (isSps ? this.#sps.offer(nal) : this.#pps.offer(nal)) this.#hasChanged = true;
  }

  track(keySlice: Uint8Array | undefined): VideoTrack | undefined {
    if (keySlice !== undefined) {
      const spsId = this.#pps.get(h264SlicePpsId(keySlice))?.header.spsId;
      if (spsId === undefined || this.#sps.get(spsId) === undefined) return undefined;
      if (spsId !== this.#spsId) this.#hasChanged = true;
      this.#spsId = spsId;
    }
    if (this.#hasChanged) this.#rebuild(keySlice !== undefined);
    return this.#track;
  }

  /** An SPS takes effect at a key picture, a PPS at any (7.4.1.2.1). */
  #rebuild(isKey: boolean): void {
    const spsId = this.#spsId;
    const before = this.#parameterSets();
    const sps = isKey || before === undefined ? this.#spsNal() : before.sps;
    if (sps === undefined) return;
    const pps = this.#pps.sorted().filter((set) => set.header.spsId === spsId);
    const isSame = before?.sps === sps && sameSets(before.pps, pps);
    if (!isSame) {
      this.#track = h264Track(
        this.#index,
        sps,
        pps.map((set) => set.nal),
      );
    }
    if (isKey) this.#hasChanged = false;
  }

  #parameterSets(): H264ParameterSets | undefined {
    const sets = this.#track?.parameterSets;
    return sets?.codec === 'h264' ? sets : undefined;
  }

  #spsNal(): Uint8Array | undefined {
    return this.#spsId === undefined ? undefined : this.#sps.get(this.#spsId)?.nal;
  }
}
