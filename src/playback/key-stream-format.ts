/** What a `VideoDecoder` is configured with. */
export interface KeyStreamFormat {
  readonly codec: string;
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** `avcC` or `hvcC`, base64. */
  readonly description: string;
}
