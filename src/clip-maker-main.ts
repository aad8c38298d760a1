/**
 * The child process of `forkClipMaker`: takes one order, draws and encodes the clip, reports percent, writes the file
 * and exits. The only place of the demo that loads native code.
 */
import { describeError } from './base/error.ts';
import { leaveOnlyWhenAsked } from './base/leave-when-asked.ts';
import { writeClip } from './demo/clip-cache.ts';
import { encodeClip } from './demo/encode-clip.ts';
import type { ClipChildMessage, ClipChildOrder } from './demo/fork-clip-maker.ts';

function tell(message: ClipChildMessage): void {
  process.send?.(message);
}

async function carryOut({ spec, path }: ClipChildOrder): Promise<void> {
  try {
    await writeClip(
      encodeClip(spec, (percent) => tell({ percent })),
      path,
    );
  } catch (error) {
    process.exitCode = 1;
    tell({ failure: describeError(error) });
  } finally {
    // Not at once: Node is still handing the order out when the encoding fails straight away.
    setImmediate(() => process.disconnect());
  }
}

process.once('message', (order) => {
  // Sent by forkClipMaker of the same build.
  void carryOut(order as ClipChildOrder);
});
leaveOnlyWhenAsked();
// A parent that dies takes its unfinished clip with it.
process.once('disconnect', () => process.exit());
