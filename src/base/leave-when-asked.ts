/**
 * For the children of a recorder: a Ctrl-C, a terminal that is closed and a service manager end all processes of a group at once, but
 * the recorder needs its own until its files are closed, and asks them to leave then. When it is gone they notice.
 */
export function leaveOnlyWhenAsked(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
}
