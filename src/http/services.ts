import type { Accounts } from '../account/accounts.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../config/config.ts';
import type { RecorderLink } from '../control/recorder-link.ts';
import type { SocketAddress } from '../control/socket-address.ts';
import type { WebPrograms } from '../control/web-messages.ts';
import type { IndexQueries } from '../db/archive-index.ts';
import type { FollowedRecorder } from '../live/followed-recorder.ts';
import type { ExportJobs } from './export-jobs.ts';
import type { PictureMaker } from '../picture/picture-maker.ts';

/** What routes work with. */
export interface WebServices {
  /** In force at the moment; with the cameras' passwords, which must not be answered. */
  readonly config: () => Config;
  readonly configSource: ConfigPlace;
  /** Questions only: what changes the archive goes through the recorder. */
  readonly index: IndexQueries;
  /** Where the recorder is asked: see `askRecorder`. */
  readonly recorder: SocketAddress;
  /** What is followed of it, each caller by himself; `followed` is what all share. */
  readonly link: RecorderLink;
  readonly followed: FollowedRecorder;
  /** Makes JPEG files of packets, in a child. */
  readonly pictures: PictureMaker;
  readonly accounts: Accounts;
  readonly exports: ExportJobs;
  readonly programs: WebPrograms;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where the configuration is written. */
export interface ConfigPlace {
  /** Absolute path of the file. */
  readonly path: string;
  /** `key=value` pairs of the command line, laid over it. */
  readonly flags: readonly string[];
}
