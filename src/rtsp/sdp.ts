/** One `m=` section of a session description (RFC 8866), reduced to what an RTSP client needs. */
export interface SdpMedia {
  readonly type: 'video' | 'audio' | 'other';
  readonly payloadType: number;
  /** Encoding name of `a=rtpmap` in upper case (`H264`, `MPEG4-GENERIC`, `PCMA`), or that of a static payload type. */
  readonly encoding: string;
  readonly clockRateHz: number;
  readonly channels: number;
  /** Parameters of `a=fmtp`, names in lower case, values as sent. */
  readonly fmtp: ReadonlyMap<string, string>;
  /** `a=control` as sent. */
  readonly control: string | undefined;
}
