/**
 * Waits for work that cannot be told to stop, no longer than somebody wants to wait.
 * @throws what the work throws; the signal's reason as soon as it aborts.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    // The reason is whatever the aborter gave; callers compare it by identity.
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
