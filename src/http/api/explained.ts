/**
 * What `api/cameras/:camera/explained`, a WebSocket, tells of each picture that the camera's detector has looked at while
 * somebody watches; a binary message follows with the four pictures as JPEG.
 */
export interface ExplainedNotice {
  /** When the picture was taken, in ms since 1970. */
  readonly wallMs: number;
  readonly score: number;
  readonly isMotion: boolean;
}
