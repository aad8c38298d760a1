import { expect, test } from 'vitest';
import { describeAuditDetail } from '../../src/account/audit-detail.ts';
import { auditDetail, type AuditDetailJson } from '../../src/http/api/audit-detail.ts';
import { gapDetail, type GapDetailJson } from '../../src/http/api/gap-detail.ts';
import { describeGapDetail, readGapDetail } from '../../src/recording/gap-detail.ts';
import { messages as german } from './de/messages.ts';
import { messages as english } from './en/messages.ts';
import { makeFormat } from './format.ts';
import { kindText } from './kind-text.ts';

const FORMAT = makeFormat('de-DE', 'UTC');
const WORDS = "the server's words";

function audit(what: AuditDetailJson | undefined): string {
  return kindText(what, WORDS, german.account.audit.details, FORMAT);
}

function gap(what: GapDetailJson): string {
  return kindText(what, WORDS, german.timeline.gapDetails, FORMAT);
}

test('what was done, and what a gap comes from, is told in the language of the page, with what it says of this case', () => {
  expect(audit({ kind: 'live' })).toBe('Livebilder');
  expect(audit({ kind: 'event', triggerMs: Date.UTC(2026, 10, 27, 13, 5, 10) })).toBe(
    'das Ereignis vom 27.11.2026, 13:05:10',
  );
  expect(audit({ kind: 'account-rights', name: 'bob', role: 'viewer', cameras: null })).toBe(
    'das Konto bob: Betrachter, Alle Kameras',
  );
  expect(gap({ kind: 'clock-set', byMs: -4_200 })).toBe(
    'Die Uhr des Rekorders wurde um 4,2 s zurückgestellt.',
  );
});

test('what is older, or newer than the page, is told in the words of the server', () => {
  expect(audit(undefined)).toBe(WORDS);
  expect(audit({ kind: 'of-tomorrow' } as unknown as AuditDetailJson)).toBe(WORDS);
});

test('each kind of what was done passes its own schema, and has a text in both languages', () => {
  const common = {
    atMs: 0,
    fromMs: 0,
    toMs: 0,
    triggerMs: 0,
    name: 'x',
    role: 'admin',
    cameras: [],
    paths: [],
  };
  for (const { account } of [english, german]) {
    const texts = account.audit.details;
    for (const kind of Object.keys(texts)) {
      const what = auditDetail.parse({ kind, ...common });
      expect(describeAuditDetail(what)).not.toBe('');
      expect(kindText(what, WORDS, texts, FORMAT)).not.toMatch(/undefined|words/);
    }
  }
});

test('each kind of what a gap comes from is read back from its sentence, and has a text in both languages', () => {
  const common = { lateMs: 12_300, byMs: -4_200, mode: 'timelapse+motion' };
  for (const { timeline } of [english, german]) {
    for (const kind of Object.keys(timeline.gapDetails)) {
      const what = gapDetail.parse({ kind, ...common });
      expect(readGapDetail(describeGapDetail(what))).toEqual(what);
      expect(kindText(what, WORDS, timeline.gapDetails, FORMAT)).not.toMatch(/undefined|words/);
    }
  }
});
