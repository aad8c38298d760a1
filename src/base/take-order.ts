import { constants, setPriority } from 'node:os';
import { describeError } from './error.ts';
import { leaveOnlyWhenAsked } from './leave-when-asked.ts';
import { redactCredentials } from './redact.ts';

/** Told last where the order could not be carried out; for people. */
export interface OrderFailed {
  readonly type: 'failed';
  readonly reason: string;
}

/**
 * For a program that is run by `runWithOrder`: it takes one order over its channel, tells what it finds, and ends; also when that
 * channel closes.
 * @param name for who starts it by hand.
 * @param carryOut given what `runWithOrder` was; it returns what is told last.
 */
export function takeOrder<Message>(
  name: string,
  carryOut: (order: unknown, tell: (message: Message) => void) => Promise<Message>,
): void {
  if (process.send === undefined) {
    process.stderr.write(`${name}: this program is started by preroll, not by hand.\n`);
    process.exit(2);
  }
  const tell = (message: Message | OrderFailed, then = () => undefined) => void process.send?.(message, then);
  const leave = () => process.exit(0);
  // Recording and analysis come first.
  setPriority(constants.priority.PRIORITY_LOW);
  leaveOnlyWhenAsked();
  process.on('disconnect', leave);
  process.once('message', (order) => {
    carryOut(order, (message) => tell(message)).then(
      (last) => tell(last, leave),
      (error: unknown) => tell({ type: 'failed', reason: redactCredentials(describeError(error)) }, leave),
    );
  });
}
