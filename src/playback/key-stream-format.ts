/** What a `VideoDecoder` is configured with. */
export interface KeyStreamFormat {
  readonly codec: string;
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** `avcC` or `hvcC`, base64. */
  readonly description: string;
  /** How its pictures are to be shown (`matrixOf`: a, b, c, d); left out for as they are coded. */
  readonly matrix?: readonly [number, number, number, number];
}
