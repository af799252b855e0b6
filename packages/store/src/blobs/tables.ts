/**
 * The tables of blobs (spec S), in both files.
 *
 *     main file     blob_links, blob_pins ─▶ which roots are held     blob_roots: what became of them
 *                        │ blob_changes
 *     block file         ▼
 *                   blocks.pinned ─block_edges▶ blocks.holds          block_bytes
 *
 * The main file tells what is held, because entries are there; the block file only keeps bytes and how
 * often each block is held. A change of the first is written to `blob_changes` in the same
 * transaction, and carried over afterwards; doing that twice is harmless.
 *
 * Names are the 36 bytes of a CID.
 *
 * @module
 */

/** `blob_roots.state`. A root without a row is not complete. */
export const rootState = {
  complete: 1,
  /** Never stored, served or shown; `code` says why. */
  refused: 2,
  /** Dropped to make room, although held: fetched again only when asked for. */
  evicted: 3,
} as const

/**
 * Part of the main file's migrations.
 *
 * What its tables hold is said here, because SQL is shipped with its comments:
 *
 * - `blob_links`: One row for each root that a shown entry needs. holds: its feed is watched; wanted: and it is
 *   not here, and the policy wants it; broken: the size it states is false.
 * - `blob_roots`: bytes: the true size of the whole; loose: complete though nothing held it.
 * - `blob_changes`: Roots of which the block file does not know yet whether they are held.
 */
export const blobTables = `
  create table blob_links (
    root blob not null, entry integer not null, feed integer not null, size integer not null, sort integer not null,
    holds integer not null, wanted integer not null, broken integer not null,
    primary key (root, entry)
  ) without rowid;
  create index blob_links_entry on blob_links (entry);
  create index blob_links_feed on blob_links (feed);
  create index blob_links_wanted on blob_links (sort) where wanted = 1;

  create table blob_pins (
    root blob not null, reason text not null, until integer,
    primary key (root, reason)
  ) without rowid;
  create index blob_pins_until on blob_pins (until) where until is not null;

  create table blob_roots (
    root blob primary key, state integer not null, code text, bytes integer, loose integer not null
  ) without rowid;
  create index blob_roots_loose on blob_roots (root) where loose = 1;

  create table blob_changes (root blob primary key) without rowid;
`

/** Part of the main file's migrations: what a feed wants, newest first, so that each gets its share. */
export const blobShares = `
  create index blob_links_share on blob_links (feed, sort) where wanted = 1;
`

/**
 * Part of the main file's migrations. hidden: its entry is hidden and not dropped yet, so that what is here stays;
 * then `holds` and `wanted` are 0, and only watched feeds have such rows.
 */
export const blobHiddenLinks = `
  alter table blob_links add column hidden integer not null default 0;
`

/**
 * Part of the main file's migrations. text: it is what the entry says, and no file beside it, so that it is wanted
 * whatever the policy says of files.
 */
export const blobTexts = `
  alter table blob_links add column text integer not null default 0;
  update blob_links set text = 1, wanted = holds and not broken and not exists
      (select 1 from blob_roots r where r.root = blob_links.root)
    where size <= 262144 and substr(root, 1, 2) = x'0155' and hidden = 0 and exists
      (select 1 from entries e where e.id = blob_links.entry and e.content = substr(blob_links.root, 5));
`

/** Pages of a new block file: with 4 KiB a block is 65 of them, and writing it takes twice the time (decision 0007). */
export const blockPageBytes: number = 32 * 1024

/**
 * Part of the block file's migrations.
 *
 * What its tables hold is said here, because SQL is shipped with its comments:
 *
 * - `blocks`: size: null while the block is not here, but held. holds: pinned (a held root) + parents that are
 *   held and here.
 * - `block_edges`: From each dag-pb block that is held and here to the blocks that it names.
 */
export const blockTables = `
  create table meta (key text primary key, value) without rowid;

  create table blocks (
    id integer primary key,
    cid blob not null unique,
    size integer,
    used integer not null,
    pinned integer not null,
    holds integer not null
  );
  create index blocks_unheld on blocks (used) where holds = 0;
  create index blocks_pinned on blocks (used) where pinned = 1;

  create table block_bytes (id integer primary key, bytes blob not null);

  create table block_edges (
    parent integer not null, child integer not null,
    primary key (parent, child)
  ) without rowid;
  create index block_edges_child on block_edges (child);
`
