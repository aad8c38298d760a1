import { useQueryClient } from '@tanstack/react-query';
import { useErrorText } from '../api/error-text.ts';
import { useSession } from '../api/session.ts';
import { useText } from '../text/text-provider.tsx';
import { useToast } from '../ui/toasts.tsx';
import { keyOf, type EventName } from './event-key.ts';
import type { EventList } from './event-list.ts';
import * as api from './events-api.ts';
import { inTurn, type Outcome } from './in-turn.ts';

export interface EventActions {
  readonly setSeen: (events: readonly EventName[], isSeen: boolean) => Promise<void>;
  readonly setKept: (events: readonly EventName[], isKept: boolean) => Promise<void>;
  /** @param onGone given the keys of those that are gone, before the list is without them. */
  readonly remove: (
    events: readonly EventName[],
    onGone: (keys: ReadonlySet<string>) => void,
  ) => Promise<void>;
  /** @returns whether it was saved. */
  readonly setNote: (event: EventName, note: string) => Promise<boolean>;
  readonly setAllSeen: (untilMs: number) => Promise<void>;
}

/** What is done with events: told to the server, shown at once, and told when it failed. */
export function useEventActions(list: EventList): EventActions {
  const text = useText('events');
  const errorText = useErrorText();
  const toast = useToast();
  const queries = useQueryClient();
  const { user } = useSession();

  const tell = ({ failed }: Outcome<EventName>): void => {
    const [first] = failed;
    if (first !== undefined) toast(text.failed(failed.length, errorText(first.error)), 'error');
    void queries.invalidateQueries({ queryKey: ['events'] });
  };
  /** Shown as wanted at once, and as before where that failed. */
  const changeAll = async (
    events: readonly EventName[],
    changed: { readonly isSeen: boolean } | { readonly isKept: boolean },
    work: (event: EventName) => Promise<void>,
  ): Promise<void> => {
    const before = new Map(list.state().events.map((event) => [keyOf(event), event]));
    list.change(keysOf(events), changed);
    const outcome = await inTurn(events, work);
    for (const { item } of outcome.failed) {
      const was = before.get(keyOf(item));
      if (was !== undefined) list.change(keysOf([item]), { isSeen: was.isSeen, isKept: was.isKept });
    }
    tell(outcome);
  };

  return {
    setSeen: (events, isSeen) => changeAll(events, { isSeen }, (event) => api.setSeen(event, isSeen)),
    setKept: (events, isKept) => changeAll(events, { isKept }, (event) => api.setKept(event, isKept)),
    async remove(events, onGone) {
      const outcome = await inTurn(events, api.deleteEvent);
      const gone = keysOf(outcome.done);
      onGone(gone);
      list.remove(gone);
      if (gone.size > 0) toast(text.deleted(gone.size));
      tell(outcome);
    },
    async setNote(event, note) {
      try {
        await api.setNote(event, note);
        const written = note === '' ? null : { text: note, author: user.name, atMs: Date.now() };
        list.change(keysOf([event]), { note: written });
        toast(text.saved);
        void queries.invalidateQueries({ queryKey: ['events'] });
        return true;
      } catch (error) {
        toast(errorText(error), 'error');
        return false;
      }
    },
    async setAllSeen(untilMs) {
      try {
        await api.setAllSeen(untilMs);
        const seen = list.state().events.filter((event) => !event.isSeen && event.triggerMs < untilMs);
        list.change(keysOf(seen), { isSeen: true });
        toast(text.allSeenDone);
      } catch (error) {
        toast(errorText(error), 'error');
      }
    },
  };
}

function keysOf(events: readonly EventName[]): ReadonlySet<string> {
  return new Set(events.map(keyOf));
}
