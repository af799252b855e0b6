/**
 * Tables of keys that open sealed feeds (spec X20 on).
 *
 * @module
 */

export const feedKeyTables = `
  -- What was inside of a sealed entry, opened; null where bytes are the entry itself.
  alter table entries add column inner blob;

  -- Feeds by their 32 bytes: a key may come before anything of its feed.
  create table feed_keys (
    feed blob not null, key_id text not null, epoch integer not null, key blob not null,
    primary key (feed, key_id)
  ) without rowid;

  -- Feeds of which a chain came that no key here opens: nothing more of that epoch is asked for.
  create table closed_feeds (feed blob primary key, epoch integer not null, key_id text not null) without rowid;

  -- The newest letter of each feed: signed by its author, its key inside for those it names.
  create table feed_key_letters (
    feed blob primary key, epoch integer not null, at integer not null, record blob not null
  ) without rowid;
`
