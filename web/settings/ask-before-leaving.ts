/** What of the browser's `Navigation` and `History` is needed. */
export interface LeavingOptions {
  readonly navigation: Pick<Navigation, 'addEventListener' | 'removeEventListener' | 'traverseTo'>;
  readonly history: Pick<History, 'pushState'>;
  /** The present path. */
  readonly path: () => string;
  /** Asks; `leave` goes where somebody wanted to go. */
  readonly ask: (leave: () => void) => void;
}

/**
 * Holds back what leads to another page of the app: links, what a control chooses, and the way back. Pages that replace each other in
 * the history, as redirections do, are let through. @returns what ends it.
 */
export function askBeforeLeaving({ navigation, history, path, ask }: LeavingOptions): () => void {
  let isLeaving = false;
  const holdBack = (event: NavigateEvent): void => {
    const { destination, navigationType } = event;
    const isPush = navigationType === 'push';
    if (isLeaving || !(isPush || navigationType === 'traverse')) return;
    if (!event.cancelable || !destination.sameDocument) return;
    if (new URL(destination.url).pathname === path()) return;
    event.preventDefault();
    ask(() => {
      isLeaving = true;
      if (isPush) history.pushState(null, '', destination.url);
      else navigation.traverseTo(destination.key);
    });
  };
  navigation.addEventListener('navigate', holdBack);
  return () => navigation.removeEventListener('navigate', holdBack);
}
