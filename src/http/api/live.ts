/** What `api/live` speaks (design/live.md); web/ takes its types from here. */
export type {
  FallbackReason,
  LiveErrorCode,
  LiveNotice,
  LiveRequest,
  LiveStreamName,
  LiveTrack,
  PlayRequest,
} from '../../live/protocol.ts';
