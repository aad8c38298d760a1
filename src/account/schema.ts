/** Each step leads from one version of the tables to the next. Steps that were released are never changed. */
export const MIGRATIONS: readonly string[] = [
  `
  -- cameras: the names that the user may see, as a JSON list; NULL for all.
  -- password: argon2id in the PHC format; NULL until one is set, so that nobody signs in.
  CREATE TABLE user (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    cameras TEXT,
    password TEXT,
    created_ms INTEGER NOT NULL
  ) STRICT;

  -- hash: SHA-256 of what the cookie holds.
  CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
  ) STRICT;
  CREATE INDEX session_by_user ON session (user_id);

  -- hash: SHA-256 of the token. role and cameras bound what its owner may.
  CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    cameras TEXT,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    seen_ms INTEGER,
    UNIQUE (user_id, name)
  ) STRICT;

  -- The one link with which the first administrator is made; no row once it was used.
  CREATE TABLE setup (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    hash BLOB NOT NULL
  ) STRICT;

  -- times: how often the same happened since at_ms, up to last_ms.
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    times INTEGER NOT NULL,
    user TEXT NOT NULL,
    token TEXT,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    camera TEXT,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (at_ms);
  `,
  `
  -- arrangement: how somebody has arranged live cameras, as JSON.
  CREATE TABLE arrangement (
    user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
    arrangement TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- Who has seen which events: all before a moment, but for the exceptions in event_seen.
  CREATE TABLE seen_until (
    user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
    until_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE event_seen (
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    camera TEXT NOT NULL,
    trigger_ms INTEGER NOT NULL,
    is_seen INTEGER NOT NULL,
    PRIMARY KEY (user_id, camera, trigger_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event_note (
    camera TEXT NOT NULL,
    trigger_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (camera, trigger_ms)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Exports that people asked for. outcome: their files and what went wrong, as JSON; NULL while they are made.
  CREATE TABLE export (
    id TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    cameras TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    gaps TEXT NOT NULL CHECK (gaps IN ('skip', 'keep')),
    outcome TEXT
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Whose export it is, as somebody else may get the name later; NULL when that account is gone. user: the name it had.
  ALTER TABLE export ADD COLUMN user_id INTEGER REFERENCES user (id) ON DELETE SET NULL;
  UPDATE export SET user_id = (SELECT id FROM user WHERE name = export.user);
  `,
  `
  -- Problems of an export have kinds; they were texts.
  UPDATE export SET outcome = json_set(outcome, '$.problems', (
    SELECT json_group_array(json_object('kind', 'failed', 'message', value)) FROM json_each(outcome, '$.problems')
  )) WHERE outcome IS NOT NULL;
  `,
  `
  -- detail with its kind and values, as JSON; NULL for what is very long, or older than this.
  ALTER TABLE audit ADD COLUMN what TEXT;
  `,
];
