import { answerOrder } from './config/answer-order.ts';
import type { ConfigOrder } from './config/config-messages.ts';

/** The program of the process that reads the configuration: takes one order over its channel, answers it and ends. */
if (process.send === undefined) {
  process.stderr.write('config reader: this program is started by preroll, not by hand.\n');
  process.exit(2);
}
process.on('disconnect', () => process.exit(0));
process.once('message', (order) => {
  // The order is that of our own recorder.
  void answerOrder(order as ConfigOrder).then((answer) => process.send?.(answer, () => process.disconnect()));
});
