/**
 * Tables of keys that open sealed feeds (spec X20 on).
 *
 * @module
 */

/**
 * What its tables hold is said here, because SQL is shipped with its comments:
 *
 * - `entries`: What was inside of a sealed entry, opened; null where bytes are the entry itself.
 * - `feed_keys`: Feeds by their 32 bytes: a key may come before anything of its feed.
 * - `closed_feeds`: Feeds of which a chain came that no key here opens: nothing more of that epoch is asked for.
 * - `feed_key_letters`: The newest letter of each feed: signed by its author, its key inside for those it names.
 */
export const feedKeyTables = `
  alter table entries add column inner blob;

  create table feed_keys (
    feed blob not null, key_id text not null, epoch integer not null, key blob not null,
    primary key (feed, key_id)
  ) without rowid;

  create table closed_feeds (feed blob primary key, epoch integer not null, key_id text not null) without rowid;

  create table feed_key_letters (
    feed blob primary key, epoch integer not null, at integer not null, record blob not null
  ) without rowid;
`
