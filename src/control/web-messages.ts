import type { LogLevel } from '../base/log-lines.ts';
import type { LogFields } from '../base/log.ts';
import type { ToldConfig } from '../config/told-config.ts';

/* What the recorder and its web server say to each other over the channel between them. */

/** What the web server is started with. */
export interface WebOrder {
  readonly config: ToldConfig;
  /** Where the configuration comes from: the file, and the `key=value` pairs laid over it. */
  readonly configPath: string;
  readonly configFlags: readonly string[];
  readonly programs: WebPrograms;
  readonly version: string;
}

/** What it runs beside itself, as paths to built JavaScript. */
export interface WebPrograms {
  readonly analyzer: string;
  readonly transcoder: string;
  readonly sound: string;
  readonly source: string;
  readonly index: string;
  readonly configReader: string;
  readonly picture: string;
  readonly motionTrial: string;
  readonly moment: string;
}

export type ToWeb =
  /** Comes first. */
  | { readonly type: 'start'; readonly order: WebOrder }
  /** What is in force from now on, with the same section `web`. */
  | { readonly type: 'config'; readonly config: ToldConfig }
  | { readonly type: 'stop' };

export type FromWeb =
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: LogFields;
    }
  /** For the console and nowhere else: it may hold a secret that is for whoever started the recorder. */
  | { readonly type: 'announce'; readonly text: string };
