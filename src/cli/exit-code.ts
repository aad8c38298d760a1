/** What a script learns from how the program ended. */
export const EXIT = {
  ok: 0,
  /** It was tried and failed. */
  failed: 1,
  /** The command line or the configuration is wrong; nothing was started. */
  usage: 2,
  /** Left at once on a Ctrl-C, of `run` on a second one; as a shell reports SIGINT. */
  interrupted: 130,
} as const;
