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

/** Part of the main file's migrations. state: see `shutState`; tried: the newest content read key that was tried; serial: when it turned out to stay shut. */
export const shutTables = `
  -- By whose words the text of a content is known.
  create table told_texts (
    feed integer not null, content blob not null, content_key integer not null, teller blob not null,
    primary key (feed, content, teller)
  ) without rowid;
  create index told_texts_teller on told_texts (teller, feed);
  create table shut (entry integer primary key, feed integer not null, state integer not null, tried integer not null, serial integer not null default 0);
  create index shut_state on shut (state, feed, entry);
  create index shut_serial on shut (serial) where serial > 0;
  create trigger shut_entry after delete on entries begin delete from shut where entry = old.id; end;
`

/**
 * Part of the main file's migrations. used: the higher, the later it last opened something; 0: never. persons, prints:
 * JSON lists, of Account (null: not said) and of what `read_key` calls so.
 * content_key_members: who else writes under the keys of a conversation, besides those who gave them.
 */
export const contentKeyTables = `
  create table content_keys (
    id integer primary key autoincrement, giver blob not null, conversation blob not null, generation integer not null,
    key blob not null, used integer not null, persons text, prints text not null
  );
  create unique index content_keys_giver on content_keys (giver, conversation, generation, key);
  create index content_keys_conversation on content_keys (conversation, generation);
  create index content_keys_used on content_keys (used);
  create table content_key_members (
    identity blob not null, conversation blob not null, primary key (identity, conversation)
  ) without rowid;
  create index content_key_members_conversation on content_key_members (conversation);
`

/**
 * Part of the main file's migrations. newest: the greatest `sort` of what is shown; 0: nothing is. messages.entry: null while
 * it is not shown. No view: which key opened a message cannot be told from the bytes without trying all.
 */
export const conversationTables = `
  create table conversations (
    id integer primary key, name text not null unique, kind text not null, persons text not null, newest integer not null
  );
  create index conversations_newest on conversations (newest, id) where newest > 0;
  create table messages (
    feed integer not null, content blob not null, conversation integer not null,
    entry integer, sort integer not null, comparable integer not null,
    primary key (feed, content)
  ) without rowid;
  create index messages_shown on messages (conversation, sort, entry) where entry is not null;
  create index messages_author on messages (conversation, feed, comparable) where entry is not null;
  create index messages_entry on messages (entry) where entry is not null;
  create trigger messages_deleted after delete on entries begin
    delete from messages where feed = old.feed and content = old.content and not exists (
      select 1 from entries e where e.content_key = old.content_key and e.content = old.content and e.feed = old.feed
    );
  end;
`
