import { describeError } from './base/error.ts';
import { leaveOnlyWhenAsked } from './base/leave-when-asked.ts';
import type { ToSoundProcess } from './sound/messages.ts';
import { SoundWorker } from './sound/sound-worker.ts';

/**
 * The program of the sound process, which encodes the sound of cameras. It belongs to the recorder that started it and
 * talks to it over the channel it was given: it leaves when told or when that closes, and not by the Ctrl-C that a terminal
 * sends to the whole group.
 */
if (process.send === undefined) {
  process.stderr.write('sound: this program is started by preroll, not by hand.\n');
  process.exit(2);
}
const worker = new SoundWorker();

leaveOnlyWhenAsked();
process.on('message', (received) => {
  // The messages are those that our own recorder sends.
  const message = received as ToSoundProcess;
  if (message.type === 'stop') process.exit(0);
  try {
    process.send?.(worker.do(message));
  } catch (error) {
    // The recorder reads it, and starts another one.
    process.stderr.write(describeError(error));
    process.exit(1);
  }
});
process.on('disconnect', () => process.exit(0));
