import { constants, setPriority } from 'node:os';
import { describeError } from './base/error.ts';
import { leaveOnlyWhenAsked } from './base/leave-when-asked.ts';
import { makePicture } from './picture/make-picture.ts';
import type { FromPictureMaker, ToPictureMaker } from './picture/messages.ts';

/**
 * The program that makes JPEG pictures of packets. It belongs to the web process that started it and talks to it over the
 * channel it was given: it leaves when told or when that closes, and not by the Ctrl-C that a terminal sends to the whole
 * group.
 */
if (process.send === undefined) {
  process.stderr.write('picture maker: this program is started by preroll, not by hand.\n');
  process.exit(2);
}

function answer({ id, order }: Extract<ToPictureMaker, { type: 'make' }>): FromPictureMaker {
  try {
    return { id, jpeg: makePicture(order) };
  } catch (error) {
    return { id, problem: describeError(error) };
  }
}

// Recording and analysis come first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
leaveOnlyWhenAsked();
process.on('message', (received) => {
  // The messages are those that our own web process sends.
  const message = received as ToPictureMaker;
  if (message.type === 'stop') process.exit(0);
  process.send?.(answer(message));
});
process.on('disconnect', () => process.exit(0));
