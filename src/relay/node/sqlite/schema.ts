import { existsSync } from 'node:fs'
import { randomId } from '#lib/random-id.ts'
import { StoreError } from '../../record/store.ts'
import { Sql } from './sql.ts'

/** The log of what was written is moved into the database when it has so many pages (2 MB). */
const LOG_PAGES = 512
/** What a burst has made it grow to beyond is given back, bytes. */
const LOG_BYTES = 4_194_304

/** "Weir" in ASCII, so that `file` and others know whose database it is. */
const APPLICATION_ID = 0x57656972

/*
 * What each version of the schema added, in order; a database of version N has had the first N of them. They only
 * ever add: blocks of data are never written anew, and an older one is never changed. The comments stay in the
 * database, for people who read it with `sqlite3` (`.schema`).
 */
export const MIGRATIONS: readonly string[] = [
  `
-- All times are ms since 1970-01-01 UTC. "data" is compressed where "size", its length in bytes, differs from
-- length(data): sqlar_uncompress(data, size) reads it.

CREATE TABLE record (               -- one row: this record
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  epoch TEXT NOT NULL,              -- its name
  boot INTEGER NOT NULL,            -- how often Weir opened it
  last INTEGER NOT NULL,            -- number of the newest event
  alive_at REAL                     -- when Weir last lived
);

CREATE TABLE source (               -- the servers that Weir watches or watched
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  url TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE topic (                -- what has a history: a task, a device, a chat
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL UNIQUE,     -- SOURCE/KIND/ID
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  name TEXT NOT NULL,               -- its id at the source
  status TEXT,
  type TEXT,
  began REAL NOT NULL,
  ended REAL,                       -- NULL while it goes on
  starred INTEGER NOT NULL DEFAULT 0, -- 1: is kept whatever --keep and --keep-size say
  let_go INTEGER NOT NULL DEFAULT 0, -- what --keep-size took: 1 its samples, 2 its lines too, 3 its events too
  lines_gone INTEGER NOT NULL DEFAULT 0, -- log lines before this number are no longer kept
  words TEXT NOT NULL,              -- what a search looks in
  summary TEXT NOT NULL             -- JSON: what lists show of it
);
CREATE INDEX topic_newest ON topic (kind, ifnull(ended, 9e15), began, address);

CREATE INDEX topic_oldest ON topic (let_go, ended) WHERE ended IS NOT NULL AND starred = 0;

CREATE TABLE checkpoint (           -- a topic's state with all events up to number n in it
  topic INTEGER PRIMARY KEY REFERENCES topic ON DELETE CASCADE,
  n INTEGER NOT NULL,
  size INTEGER NOT NULL,
  data BLOB NOT NULL                -- JSON
);

CREATE TABLE event_block (          -- what happened, but log lines and samples
  id INTEGER PRIMARY KEY,
  topic INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
  first INTEGER NOT NULL,           -- numbers of its first and last entry
  last INTEGER NOT NULL,
  sealed INTEGER NOT NULL,          -- 0: new, is put together with others soon
  size INTEGER NOT NULL,
  data BLOB NOT NULL                -- a line for each entry: {"n":…,"at":…,"count":…,"events":[…]}
);
CREATE INDEX event_block_order ON event_block (topic, first);
CREATE INDEX event_block_new ON event_block (topic, first) WHERE sealed = 0;

CREATE TABLE line_block (           -- log lines
  id INTEGER PRIMARY KEY,
  topic INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
  first INTEGER NOT NULL,           -- number of its first line; the log begins with 0
  count INTEGER NOT NULL,
  at REAL NOT NULL,                 -- when its first line was received
  sealed INTEGER NOT NULL,
  kinds TEXT,                       -- what the lines are, "20 out, 1 gap, 3 out"; NULL: all out
  times BLOB NOT NULL,              -- when each was received, packed (docs/record.md)
  size INTEGER NOT NULL,
  data BLOB NOT NULL                -- the lines
);
CREATE INDEX line_block_order ON line_block (topic, first);
CREATE INDEX line_block_new ON line_block (topic, first) WHERE sealed = 0;

CREATE TABLE channel (              -- a named thing that a topic's messages carry
  id INTEGER PRIMARY KEY,
  topic INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
  sort TEXT NOT NULL,               -- samples (numbers) or states (strings, booleans)
  name TEXT NOT NULL,
  UNIQUE (topic, sort, name)
);

CREATE TABLE new_samples (          -- what one batch brought of all channels; is put into blocks soon
  id INTEGER PRIMARY KEY,
  topic INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
  pieces TEXT NOT NULL,             -- JSON: channel, count, t0, dt, even, breaks; of each piece
  data BLOB NOT NULL                -- of each piece its times, unless they are even, and values: doubles
);
CREATE INDEX new_samples_topic ON new_samples (topic);

CREATE TABLE sample_block (         -- samples of a channel
  id INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL REFERENCES channel ON DELETE CASCADE,
  at REAL NOT NULL,                 -- times of the first and the last
  until REAL NOT NULL,
  count INTEGER NOT NULL,           -- values, with those that are no number and breaks of the line
  finite INTEGER NOT NULL,          -- those that are numbers; their mean, and the sum of squared deviations from it
  mean REAL,
  m2 REAL,
  low REAL,                         -- the smallest and the largest, and when
  low_at REAL,
  high REAL,
  high_at REAL,
  breaks INTEGER NOT NULL,          -- 1: the line breaks at its end
  times BLOB NOT NULL,              -- packed (docs/record.md)
  extremes BLOB,                    -- smallest and largest of each sixteenth, with their times, packed
  data BLOB NOT NULL                -- the values, packed
);
CREATE INDEX sample_block_summary ON sample_block
  (channel, at, until, count, finite, mean, m2, low, low_at, high, high_at, breaks);

CREATE TABLE state_block (          -- changes of a channel of states; each lasts until the next
  id INTEGER PRIMARY KEY,
  topic INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
  channel INTEGER NOT NULL REFERENCES channel ON DELETE CASCADE,
  at REAL NOT NULL,                 -- time of its first change
  sealed INTEGER NOT NULL,
  size INTEGER NOT NULL,
  data BLOB NOT NULL                -- a line for each change: [time, state]
);
CREATE INDEX state_block_order ON state_block (channel, at);
CREATE INDEX state_block_new ON state_block (topic) WHERE sealed = 0;

CREATE TABLE text (                 -- what is kept beside a topic as a whole: results, inputs
  topic INTEGER NOT NULL REFERENCES topic ON DELETE CASCADE,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (topic, name)
);

CREATE VIEW log_text AS             -- whole logs: SELECT text FROM log_text WHERE address = 'SOURCE/tasks/ID';
  SELECT address, first AS first_line, datetime(at / 1000, 'unixepoch') AS received,
    CAST(sqlar_uncompress(data, size) AS TEXT) AS text
  FROM topic JOIN line_block ON line_block.topic = topic.id
  ORDER BY address, first;
`,
  `
-- The numbers of a task were those of a device, by the name of LabDaemon's stream of it.
UPDATE topic SET kind = 'numbers', name = substr(name, 8), address = replace(address, '/devices/stream-', '/numbers/')
WHERE kind = 'devices' AND address LIKE '%/devices/stream-%';
`,
]

/**
 * Opens a database of Weir's, or makes it, and brings it to the newest version. Throws StoreError.
 * @param migrations as MIGRATIONS, for tests of them
 */
export function openDatabase(path: string, migrations: readonly string[] = MIGRATIONS): Sql {
  const sql = new Sql(path)
  const version = versionOf(sql, path, migrations.length)
  if (version === 0) sql.run('PRAGMA auto_vacuum = INCREMENTAL')
  sql.all('PRAGMA journal_mode = WAL')
  sql.run('PRAGMA synchronous = FULL')
  sql.all(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`)
  sql.all(`PRAGMA journal_size_limit = ${LOG_BYTES}`)
  if (version < migrations.length) migrate(sql, migrations)
  return sql
}

/** Opens a database of Weir's that another connection has opened or will open, to read it. Throws StoreError. */
export function openForReading(path: string): Sql {
  if (!existsSync(path)) throw new StoreError('failed', `There is no record at ${path}.`)
  const sql = new Sql(path)
  versionOf(sql, path, MIGRATIONS.length)
  sql.run('PRAGMA query_only = ON')
  return sql
}

function versionOf(sql: Sql, path: string, known: number): number {
  const [version] = sql.first<[number]>('PRAGMA user_version')!
  const [application] = sql.first<[number]>('PRAGMA application_id')!
  const [tables] = sql.first<[number]>('SELECT count(*) FROM sqlite_schema')!
  if (tables > 0 && application !== APPLICATION_ID)
    throw new StoreError(
      'damaged',
      `${path} is a database, but not of Weir; choose another folder with --data.`,
    )
  if (version > known)
    throw new StoreError(
      'newer',
      `The record ${path} was written by a later version of Weir (schema ${version}, this one knows ${known}); use that one, or another folder with --data.`,
    )
  return version
}

/** All of it or nothing, whatever happens in its middle. */
function migrate(sql: Sql, migrations: readonly string[]): void {
  sql.writing(() => {
    const [version] = sql.first<[number]>('PRAGMA user_version')!
    for (const migration of migrations.slice(version)) sql.script(migration)
    sql.script(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`)
    sql.run(
      'INSERT OR IGNORE INTO record (only_row, epoch, boot, last, alive_at) VALUES (1, ?, 0, 0, NULL)',
      [randomId()],
    )
  })
}
