import {
  H265_NAL,
  h265SlicePpsId,
  h265Track,
  parseH265PpsIds,
  parseH265Sps,
  parseH265VpsId,
} from '../../media/h265.ts';
import type { H265ParameterSets, VideoTrack } from '../../media/packet.ts';
import { recoveryPointIn } from '../../media/recovery-point.ts';
import { ParameterSetTable, sameSets } from './parameter-sets.ts';
import type { NalRole, VideoCodec } from './video-codec.ts';

/** Roles of NAL unit types 0..63 (ISO 23008-2 table 7-1). */
const ROLES: readonly NalRole[] = Array.from({ length: 64 }, (_, type) => roleOfType(type));

function roleOfType(type: number): NalRole {
  if (type === H265_NAL.raslN || type === H265_NAL.raslR) return 'skipped-leading';
  if (type >= H265_NAL.blaFirst && type <= H265_NAL.cra) return 'key-slice';
  if (type <= H265_NAL.sliceLast) return isReservedSlice(type) ? 'drop' : 'slice';
  if (type <= H265_NAL.pps) return 'parameters';
  return type === H265_NAL.prefixSei || type === H265_NAL.suffixSei ? 'extra' : 'drop';
}

/** Decoders ignore reserved types; 10..15 and 22..31 are. */
function isReservedSlice(type: number): boolean {
  return type > H265_NAL.raslR && (type < H265_NAL.blaFirst || type > H265_NAL.cra);
}

export class H265Codec implements VideoCodec {
  readonly nalHeaderBytes = 2;
  readonly #index: number;
  readonly #vps = new ParameterSetTable((nal) => ({ id: parseH265VpsId(nal) }));
  readonly #sps = new ParameterSetTable(parseH265Sps);
  readonly #pps = new ParameterSetTable(parseH265PpsIds);
  #spsId: number | undefined;
  #track: VideoTrack | undefined;
  #hasChanged = false;

  /** @param index of the track. */
  constructor(index: number) {
    this.#index = index;
  }

  role(first: number, second: number): NalRole {
    const layerId = ((first & 1) << 5) | (second >> 3);
    return layerId === 0 ? (ROLES[(first >> 1) & 0x3f] ?? 'drop') : 'drop';
  }

  isRecoveryPoint(nal: Uint8Array): boolean {
    return recoveryPointIn('h265', nal) !== undefined;
  }

  breaksLeading(first: number): boolean {
    return ((first >> 1) & 0x3f) <= H265_NAL.blaLast;
  }

  offer(nal: Uint8Array): void {
    const type = ((nal[0] ?? 0) >> 1) & 0x3f;
    const table = type === H265_NAL.vps ? this.#vps : type === H265_NAL.sps ? this.#sps : this.#pps;
    if (table.offer(nal)) this.#hasChanged = true;
  }

  track(keySlice: Uint8Array | undefined): VideoTrack | undefined {
    if (keySlice !== undefined) {
      const spsId = this.#pps.get(h265SlicePpsId(keySlice))?.header.spsId;
      if (spsId === undefined || this.#activeSets(spsId) === undefined) return undefined;
      if (spsId !== this.#spsId) this.#hasChanged = true;
      this.#spsId = spsId;
    }
    if (this.#hasChanged) this.#rebuild(keySlice !== undefined);
    return this.#track;
  }

  /** VPS and SPS take effect at a key picture, a PPS at any (7.4.2.4.2). */
  #rebuild(isKey: boolean): void {
    const before = this.#parameterSets();
    const active = isKey ? this.#activeSets(this.#spsId) : before;
    if (active === undefined) return;
    const pps = this.#pps.sorted().filter((set) => set.header.spsId === this.#spsId);
    const isSame = before?.vps === active.vps && before.sps === active.sps && sameSets(before.pps, pps);
    if (!isSame) {
      const nals = pps.map((set) => set.nal);
      this.#track = h265Track(this.#index, { codec: 'h265', vps: active.vps, sps: active.sps, pps: nals });
    }
    if (isKey) this.#hasChanged = false;
  }

  #activeSets(spsId: number | undefined): Pick<H265ParameterSets, 'vps' | 'sps'> | undefined {
    if (spsId === undefined) return undefined;
    const sps = this.#sps.get(spsId);
    const vps = sps && this.#vps.get(sps.header.vpsId);
    return vps && { vps: vps.nal, sps: sps.nal };
  }

  #parameterSets(): H265ParameterSets | undefined {
    const sets = this.#track?.parameterSets;
    return sets?.codec === 'h265' ? sets : undefined;
  }
}
