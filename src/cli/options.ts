/** Options of the commands that read the configuration. */
export interface ConfigOptions {
  /** Path of the configuration file. */
  readonly config: string;
  /** `key=value` pairs laid over all files. */
  readonly set: readonly string[];
}
