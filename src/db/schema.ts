/** `PRAGMA application_id` of our databases: `PRER`. */
export const APPLICATION_ID = 0x50524552;

/*
 * All `*_ms` without another word are wall times: whole milliseconds since the Unix epoch.
 *
 * `length_class` sorts spans by how long they are, so that those that overlap a moment are found by index however long
 * single ones are: see length-class.ts.
 */
const VERSION_1 = `
CREATE TABLE camera (
  id INTEGER PRIMARY KEY,
  -- As in the configuration.
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE volume (
  id INTEGER PRIMARY KEY,
  -- The UUID in its identity file.
  identity TEXT NOT NULL UNIQUE,
  -- Where it was mounted last, absolute; NULL while only its segments are known.
  path TEXT
) STRICT;

-- What segments consist of. Few rows: cameras seldom change their encoding.
CREATE TABLE format (
  id INTEGER PRIMARY KEY,
  -- RFC 6381, such as avc1.64001f.
  video_codec TEXT NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  -- RFC 6381; empty, and the two below 0, without sound: NULL would differ from itself in the unique index.
  audio_codec TEXT NOT NULL,
  sample_rate_hz INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  UNIQUE (video_codec, width_px, height_px, audio_codec, sample_rate_hz, channels)
) STRICT;

-- A row a file. A file without a row is put right at start-up; a row without a file is a defect.
CREATE TABLE segment (
  id INTEGER PRIMARY KEY,
  volume_id INTEGER NOT NULL REFERENCES volume (id),
  -- Below the volume's folder, parts parted by '/'.
  path TEXT NOT NULL,
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  format_id INTEGER NOT NULL REFERENCES format (id),
  -- 0 continuous, 1 event, 2 timelapse.
  kind INTEGER NOT NULL,
  -- When its run began; the run's row may be missing.
  run_start_ms INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  -- The end of the last fragment that is on disk.
  end_ms INTEGER NOT NULL,
  length_class INTEGER NOT NULL,
  -- Up to the end of the last fragment that is on disk; an open segment's file may be longer.
  size_bytes INTEGER NOT NULL,
  -- 0 nothing of an event, 1 some of an event or recorded for one, 2 some of an event that is kept by hand; derived.
  holds INTEGER NOT NULL,
  -- 1 while the recorder writes to it, or when it was killed writing.
  is_open INTEGER NOT NULL,
  -- Why it ended; NULL while it grows and where nobody knows.
  ended_by TEXT,
  -- Its fragments: see packed-fragments.ts.
  fragments BLOB NOT NULL,
  UNIQUE (volume_id, path)
) STRICT;
-- For spans of time; holds all that is needed to tell what is covered.
CREATE INDEX segment_by_length ON segment (camera_id, length_class, start_ms, end_ms);
-- For retention, the oldest first; the groups are the rows of usage.
CREATE INDEX segment_by_age ON segment (camera_id, volume_id, kind, holds, start_ms);
CREATE INDEX segment_open ON segment (is_open) WHERE is_open = 1;

-- Derived from segment: where a camera has footage (recorded-spans.ts), with all that touches made one span
-- (span-table.ts). Spans of a camera lie apart.
CREATE TABLE recorded_span (
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  PRIMARY KEY (camera_id, start_ms)
) STRICT, WITHOUT ROWID;

-- Derived from segment: sums by what retention tells apart. No row where there is no segment.
CREATE TABLE usage (
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  volume_id INTEGER NOT NULL REFERENCES volume (id),
  -- As in segment.
  kind INTEGER NOT NULL,
  holds INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  -- The sum of their lengths.
  recorded_ms INTEGER NOT NULL,
  PRIMARY KEY (camera_id, volume_id, kind, holds)
) STRICT, WITHOUT ROWID;

-- Derived from segment: sums by the hour in which it began. No row where there is no segment.
CREATE TABLE recorded_hour (
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  -- A full hour since the epoch.
  start_ms INTEGER NOT NULL,
  volume_id INTEGER NOT NULL REFERENCES volume (id),
  -- 1 for segments that hold some of an event or were recorded for one.
  holds_event INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (camera_id, start_ms, volume_id, holds_event)
) STRICT, WITHOUT ROWID;

-- Files that have no segment any more and are still to be deleted.
CREATE TABLE garbage (
  volume_id INTEGER NOT NULL REFERENCES volume (id),
  path TEXT NOT NULL,
  PRIMARY KEY (volume_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  start_ms INTEGER NOT NULL,
  -- These three are NULL while it lasts, and where the recorder was killed.
  end_ms INTEGER,
  -- The kind and message of the error or request that ended it.
  end_kind TEXT,
  end_message TEXT,
  PRIMARY KEY (camera_id, start_ms)
) STRICT, WITHOUT ROWID;

-- What events are about. Few rows: it is the same causes and zones again and again.
CREATE TABLE label (
  id INTEGER PRIMARY KEY,
  -- JSON arrays of text.
  causes TEXT NOT NULL,
  zones TEXT NOT NULL,
  UNIQUE (causes, zones)
) STRICT;

CREATE TABLE event (
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  -- The moment that opened it.
  trigger_ms INTEGER NOT NULL,
  -- From where to where footage was wanted.
  from_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL,
  length_class INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (id),
  -- The detector's score that opened it, and the highest; NULL where no detector was asked.
  score REAL,
  peak_score REAL,
  -- 1: kept by hand, retention leaves its footage alone.
  is_kept INTEGER NOT NULL,
  -- What a timeline shows of it, as a JSON array: all events of a day are one text then, which takes a third of the time
  -- that rows take on their way out of SQLite.
  summary TEXT GENERATED ALWAYS AS (
    '[' || from_ms || ',' || until_ms || ',' || trigger_ms || ',' || is_kept || ',' || label_id || ','
    || iif(peak_score IS NULL, 'null', format('%!.17g', peak_score)) || ']'
  ) STORED,
  PRIMARY KEY (camera_id, trigger_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_by_length ON event (camera_id, length_class, from_ms, until_ms);

-- What timelines do not need of an event, kept apart so that they need not read past it.
CREATE TABLE event_detail (
  camera_id INTEGER NOT NULL,
  trigger_ms INTEGER NOT NULL,
  -- The event as its JSON file tells it.
  detail TEXT NOT NULL,
  -- JPEG; NULL without.
  thumbnail BLOB,
  UNIQUE (camera_id, trigger_ms),
  FOREIGN KEY (camera_id, trigger_ms) REFERENCES event (camera_id, trigger_ms)
) STRICT;

-- Stretches of a camera's time without a recording: the ledger.
CREATE TABLE gap (
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  length_class INTEGER NOT NULL,
  -- A GapCause of records.ts.
  cause TEXT NOT NULL,
  -- For people; may be empty.
  detail TEXT NOT NULL,
  PRIMARY KEY (camera_id, start_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX gap_by_length ON gap (camera_id, length_class, start_ms, end_ms);

-- What there is once: one row or none.
CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- The last sign of life of a recorder; NULL before the first.
  alive_at_ms INTEGER,
  -- 1: it was leaving properly then.
  is_leaving INTEGER,
  -- The moment at which retention reckons how old recordings are; NULL before it did so.
  aged_to_ms INTEGER
) STRICT;
`;

const VERSION_2 = `
-- How much moved before a camera. An hour in which nobody watched has no row.
CREATE TABLE motion (
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  -- A full hour since the epoch.
  start_ms INTEGER NOT NULL,
  -- 360 bytes, one for 10 s each: see MotionRecord in records.ts.
  intensity BLOB NOT NULL,
  PRIMARY KEY (camera_id, start_ms)
) STRICT, WITHOUT ROWID;
`;

const VERSION_3 = `
-- Streams that FFmpeg's client reads because our own one does not understand the camera.
CREATE TABLE fallback (
  camera_id INTEGER NOT NULL REFERENCES camera (id),
  -- 'main' or 'sub'.
  stream TEXT NOT NULL,
  -- Of its address, which is another one when this differs: SHA-256, in hexadecimal.
  address_hash TEXT NOT NULL,
  -- How our own client failed last; for people.
  reason TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  -- When our own client was tried last.
  tried_ms INTEGER NOT NULL,
  PRIMARY KEY (camera_id, stream)
) STRICT, WITHOUT ROWID;
`;

/** Each brings a database of the version before, counted from 0, to the next one. Never changed once released. */
export const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3];
