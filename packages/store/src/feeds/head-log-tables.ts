/**
 * The tables of the head log (spec C), a migration of their own.
 *
 * @module
 */

/**
 * What its tables hold is said here, because SQL is shipped with its comments:
 *
 * - `head_log`: One row a feed (entry: its key, and behind it the digest of its head): where in the log its head
 *   changed last, and where its being watched did. Positions are counted on for ever, so a log is never trimmed:
 *   what changed twice stands at its last place alone.
 * - `feeds_incomplete`: What a resumed session looks through, of 100,000 feeds a few.
 * - `head_snapshot`: All of the above of watched feeds, packed, as it was at count: read in one piece where there
 *   are many.
 * - `head_eras`: A new one with the first change after each opening of the store, so that a copy that was put back
 *   cannot be taken for what it was: positions of an era end where the next begins.
 * - `met_sets`: Watch sets agreed on with others: ours there (mine = 1) and theirs here. log and count are how far
 *   we know their log for that set; own is how far ours was when it was agreed on.
 */
export const headLogTables = `
  create table head_log (
    feed integer primary key,
    seq integer not null default 0,
    flipped integer not null default 0,
    watched integer not null default 0,
    entry blob
  );
  create index head_log_seq on head_log (seq) where seq > 0;
  create index head_log_flipped on head_log (flipped) where flipped > 0;
  insert into head_log (feed, seq, watched)
    select id, row_number() over (order by id), watched from feeds where epoch is not null or watched = 1;
  create index feeds_incomplete on feeds (id) where watched = 1 and epoch is not null
    and (held_count < length or chain_epoch <> epoch or disputed_above is not null);

  create table head_snapshot (
    id integer primary key check (id = 1),
    count integer not null, feeds blob not null, keys blob not null, digests blob not null
  );

  create table head_eras (n integer primary key autoincrement, start integer not null, id blob not null unique);

  create table met_sets (
    id integer primary key,
    remote blob not null, mine integer not null, hash blob not null,
    keys blob not null,
    log blob, count integer,
    own integer not null,
    used integer not null
  );
  create unique index met_sets_hash on met_sets (remote, mine, hash);
`

/** Heads are packed as they are read; a position is moved on without writing the set's keys again. */
export const headLogSlimmed = `
  drop table head_snapshot;
  create table met_keys (id integer primary key, keys blob not null);
  insert into met_keys (id, keys) select id, keys from met_sets;
  alter table met_sets drop column keys;
`
