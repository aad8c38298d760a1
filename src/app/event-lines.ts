import type { Log, LogFields } from '../base/log.ts';
import type { Event } from '../event/event.ts';

/** @param log carries the camera in its fields, as below. */
export function logEventOpened(log: Log, event: Event): void {
  const trigger = new Date(event.triggerWallMs).toISOString();
  log.info(`event: ${describeOpening(event)}`, { trigger, ...zonesField(event) });
}

export function logEventClosed(log: Log, event: Event): void {
  const seconds = Number(((event.untilWallMs - event.triggerWallMs) / 1000).toFixed(1));
  const peak = event.peak === undefined ? {} : { peak: event.peak.score };
  log.info('event ended', { causes: event.causes.join(', '), seconds, ...peak, ...zonesField(event) });
}

function describeOpening({ causes, continues, trigger }: Event): string {
  if (continues !== undefined) return `${causes.join(', ')}, going on from an event of maximal length`;
  if (causes[0] === 'motion') return `motion (score ${trigger?.score ?? 0})`;
  if (causes[0] === 'unwatched') return 'the camera is not being analysed, so everything is kept';
  return causes.join(', ');
}

function zonesField({ zones }: Event): LogFields {
  return zones.length === 0 ? {} : { zones: zones.join(', ') };
}
