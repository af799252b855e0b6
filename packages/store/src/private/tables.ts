/**
 * Tables of what is private: sealed entries that wait, and the keys that open them (shut-entries.ts, content-keys.ts).
 *
 * @module
 */

/** `shut.state`. */
export const shutState = {
  untried: 0,
  /** None of our own keys opens it. */
  age: 1,
  /** None of the content read keys opens it. */
  box: 2,
  /** Its text is not here, or there is none: looked at again when that changes. */
  textless: 3,
  /** Was opened, and is to be opened once more. */
  again: 4,
} as const

/** Part of the main file's migrations. state: see `shutState`; tried: the newest content read key that was tried. */
export const shutTables = `
  create table shut (entry integer primary key, feed integer not null, state integer not null, tried integer not null);
  create index shut_state on shut (state, feed, entry);
  create trigger shut_entry after delete on entries begin delete from shut where entry = old.id; end;
`

/**
 * Part of the main file's migrations. used: the higher, the later it last opened something; 0: never.
 * content_key_members: who else writes under the keys of a conversation, besides those who gave them.
 */
export const contentKeyTables = `
  create table content_keys (
    id integer primary key autoincrement, giver blob not null, conversation blob not null, generation integer not null,
    key blob not null, used integer not null
  );
  create unique index content_keys_giver on content_keys (giver, conversation, generation, key);
  create index content_keys_conversation on content_keys (conversation, generation);
  create index content_keys_used on content_keys (used);
  create table content_key_members (
    identity blob not null, conversation blob not null, primary key (identity, conversation)
  ) without rowid;
  create index content_key_members_conversation on content_key_members (conversation);
`
