/** Waits until something is so, of which an event tells. @throws the signal's reason. */
export async function untilEvent(
  target: EventTarget,
  event: string,
  isSo: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!isSo()) {
    await new Promise<void>((resolve, reject) => {
      const settle = () => {
        target.removeEventListener(event, settle);
        signal.removeEventListener('abort', settle);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      };
      target.addEventListener(event, settle);
      signal.addEventListener('abort', settle);
      if (signal.aborted) settle();
    });
  }
}
