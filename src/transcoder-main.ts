import { constants, setPriority } from 'node:os';
import { describeError } from './base/error.ts';
import { leaveOnlyWhenAsked } from './base/leave-when-asked.ts';
import type { FromTranscoder, ToTranscoder } from './transcode/messages.ts';
import { Reencoder } from './transcode/reencoder.ts';

/**
 * The program of a transcoder, which re-encodes one camera's video. It belongs to the recorder that started it and talks
 * to it over the channel it was given: it leaves when told or when that closes, and not by the Ctrl-C that a terminal
 * sends to the whole group.
 */
if (process.send === undefined) {
  process.stderr.write('transcoder: this program is started by preroll, not by hand.\n');
  process.exit(2);
}
let reencoder: Reencoder | undefined;

function receive(message: ToTranscoder): void {
  if (message.type === 'stop') process.exit(0);
  else if (message.type === 'order') {
    reencoder = new Reencoder(message.order, (answer: FromTranscoder) => void process.send?.(answer));
  } else reencoder?.receive(message);
}

// Where the machine is too small for both, recording as it comes is better than not at all.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
leaveOnlyWhenAsked();
process.on('message', (message) => {
  try {
    // The messages are those that our own recorder sends.
    receive(message as ToTranscoder);
  } catch (error) {
    // The recorder reads it, and starts another one.
    process.stderr.write(describeError(error));
    process.exit(1);
  }
});
process.on('disconnect', () => process.exit(0));
