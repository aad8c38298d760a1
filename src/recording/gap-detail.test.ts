import { expect, test } from 'vitest';
import { describeGapDetail, readGapDetail } from './gap-detail.ts';

test('what the recorder says of a gap is kept as a sentence, and read back', () => {
  expect(describeGapDetail({ kind: 'clock-set', byMs: -3_600_049 })).toBe(
    "the host's clock was set back by 3600.0 s",
  );
  expect(readGapDetail("the host's clock was set back by 3600.0 s")).toEqual({
    kind: 'clock-set',
    byMs: -3_600_000,
  });
  expect(readGapDetail('packets were lost')).toEqual({ kind: 'lost' });
});

test('what others have said is not taken for its own', () => {
  for (const said of ['', 'connection refused', 'mode nonsense', 'so many packets were lost', 'toString']) {
    expect(readGapDetail(said)).toBeUndefined();
  }
});
