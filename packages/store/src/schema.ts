/**
 * The tables, as numbered migrations that are only ever added to (spec S2).
 *
 *     entries ◀─ feeds, runs, head_evidence      the bytes and what they are
 *        ▲
 *     items, replies, mentions, labels, …        views: rebuilt from the bytes at any time
 *
 * @module
 */
import { accountTables } from './accounts/account-table.ts'
import { blobHiddenLinks, blobShares, blobTables, blobTexts, blockTables } from './blobs/tables.ts'
import { feedKeyTables } from './feed-keys/tables.ts'
import { headLogSlimmed, headLogTables } from './feeds/head-log-tables.ts'
import { leavingTables } from './feeds/leaving.ts'
import { textBytesCounted } from './feeds/text-bytes.ts'
import { ownTypesNumbered } from './feeds/types.ts'
import { groupTables } from './groups/group-texts.ts'
import { contentKeyTables, conversationTables, shutTables } from './private/tables.ts'
import { dropsByReceiver, dropsBySender, dropTables } from './services/drop-table.ts'
import { leasesBefore, leaseTables } from './services/lease-table.ts'
import { promiseTables } from './services/promise-table.ts'
import { seenTables } from './services/seen-table.ts'
import { takenTables } from './services/taken-table.ts'
import { synodTables } from './synods/tables.ts'
import { deviceStateTables, openedTables, responseTables, searchMerges, viewTables } from './views/tables.ts'

/** What a row of `entries` is to its feed (`entries.place`). */
export const place = {
  /** On the shown chain. */
  chain: 0,
  /** Left the chain by a rebase; hidden, dropped later. */
  hidden: 1,
  /** On a branch above the common prefix of a fork. */
  disputed: 2,
  /** At or above a broken rule. */
  broken: 3,
  /** Fetched alone by its CID. */
  loose: 4,
} as const

export type Place = (typeof place)[keyof typeof place]

/**
 * Digests are looked up by a number, their first 48 bits (`digestKey`), because such an index is a third
 * the size of one over 32 bytes and every bulk insert touches it at random places. A key may be
 * shared: always `where key = ? and cid = ?`, `where content_key = ? and content = ?`. Where such a look-up names a feed
 * and `place = 0` too it says `+feed`: SQLite would take the index of the chain, and read all of it.
 *
 * Whether an entry is verified stands in `unverified`, as ranges of `entries.id`: bulk sync adds one row
 * a run, and settling signatures rewrites no entry. In SQL: `not exists (select 1 from unverified u
 * where u.first <= e.id and u.last >= e.id)`.
 *
 * Migrations of the main file; the number of those run is `pragma user_version`.
 *
 * What its tables hold is said here, because SQL is shipped with its comments:
 *
 * - `feeds`: The highest verified head record is remembered for ever (H4), whatever of the feed is held.
 * - `head_evidence`: Records beside the highest: the two that prove a fork (dispute = 1; 2 where the contents
 *   turned out equal), and the one that the held chain hangs from until a higher one is known to descend from it
 *   (dispute = 0).
 * - `runs`: Contiguous stretches of the shown chain, so that gaps are known without a scan. below is the digest of
 *   the parent of the first entry (null at the beginning of the feed); epoch the one whose head attests the run.
 * - `entries`: hidden_at: when it left the chain, or (on the chain) when its content was erased; see days.ts.
 * - `bodies`: Small detached payload texts, so that a note is one write in one file.
 * - `erasures`: entry is the verified erase that says so, from the feed itself or another device of its synod.
 * - `waiting_erasures`: Erases of other devices' contents whose synod state (the digest of its entry) is not here
 *   yet.
 * - `types`: entries.type is 0 where the payload cannot be read: encrypted, faulty, not here, or of too many
 *   types.
 */
export const migrations: readonly string[] = [
  `
  create table meta (key text primary key, value) without rowid;

  create table feeds (
    id integer primary key,
    identity blob not null unique,
    epoch integer, length integer, comparable integer, bytes integer, head blob, signature blob,
    chain_epoch integer not null default 0,
    held_count integer not null default 0,
    held_bytes integer not null default 0,
    first_seen integer not null,
    watched integer not null default 0,
    policy text,
    broken_length integer, broken_cid blob, broken_code text,
    disputed_above integer
  );
  create index feeds_watched on feeds (id) where watched = 1;

  create table head_evidence (
    feed integer not null, epoch integer not null, head blob not null, dispute integer not null,
    length integer not null, comparable integer not null, bytes integer not null, signature blob not null,
    primary key (feed, epoch, head)
  ) without rowid;

  create table runs (
    feed integer not null, first integer not null, last integer not null, below blob, epoch integer not null,
    primary key (feed, first)
  ) without rowid;

  create table entries (
    id integer primary key,
    key integer not null,
    feed integer not null,
    length integer not null,
    place integer not null,
    comparable integer not null,
    seen integer not null,
    type integer not null,
    content_key integer not null,
    hidden_at integer,
    cid blob not null,
    content blob not null,
    bytes blob not null
  );
  create index entries_key on entries (key);
  create unique index entries_chain on entries (feed, length) where place = 0;
  create index entries_off_chain on entries (feed, length) where place <> 0;
  create index entries_content on entries (content_key);
  create index entries_hidden on entries (hidden_at) where hidden_at is not null;

  create table unverified (first integer primary key, last integer not null);

  create table bodies (entry integer primary key, bytes blob not null);

  create table erasures (
    feed integer not null, content blob not null, entry integer not null,
    primary key (feed, content, entry)
  ) without rowid;
  create index erasures_entry on erasures (entry);
  create table waiting_erasures (
    synod blob not null, entry integer not null,
    primary key (synod, entry)
  ) without rowid;

  create table types (id integer primary key, name text not null unique);
  `,
  blobTables,
  openedTables,
  viewTables,
  searchMerges,
  blobShares,
  // Was in ms of the clock: what was hidden then has its days before it.
  'update entries set hidden_at = 0 where hidden_at is not null',
  headLogTables,
  accountTables,
  // WatchPolicy.hop; 0 where it has none.
  'alter table feeds add column hop integer not null default 0',
  dropTables,
  leaseTables + promiseTables,
  blobHiddenLinks,
  blobTexts,
  dropsByReceiver,
  seenTables + takenTables,
  headLogSlimmed,
  deviceStateTables,
  synodTables,
  feedKeyTables,
  shutTables,
  contentKeyTables,
  conversationTables,
  groupTables,
  responseTables,
  ownTypesNumbered,
  textBytesCounted,
  leasesBefore,
  leavingTables,
  dropsBySender,
]

/** Migrations of the second file, which holds blocks. */
export const blockMigrations: readonly string[] = [blockTables]

/** The first 48 bits of a digest, as indexed; the most that a double holds in whole bytes. */
export function digestKey(digest: Uint8Array): number {
  let key = 0
  for (let index = 0; index < 6; index++) key = key * 256 + (digest[index] as number)
  return key
}
