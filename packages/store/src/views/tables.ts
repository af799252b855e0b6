/**
 * The tables of the views (spec S5): made of the entries, thrown away and made anew at any time.
 *
 *     items      one row a readable entry: what timelines, pages by type and search start from
 *     replies    comments by what they answer and by the conversation they hang from
 *     claims     where the newest of several statements counts: stances, profiles, tags on a target
 *     was        what an edited payload answers to
 *     responses  reactions and follows that stand, by whom they are about (notices.ts)
 *     device_states  what own devices tell each other, by key (device-states.ts)
 *
 * Names are split: the 32 bytes of the identity, the 32 bytes of the digest, and (where it is looked up)
 * the digest's key (`digestKey`).
 *
 * @module
 */

/** `items.timeline`. */
export const timelineOf = {
  none: 0,
  /** Notes, pictures, media, collections. */
  notes: 1,
  comments: 2,
} as const

/** Bits of `items.parts`: which other tables have rows of that entry. */
export const part = {
  reply: 1,
  mentions: 2,
  labels: 4,
  was: 8,
  claim: 16,
  state: 32,
} as const

/** `claims.kind`. */
export const claimKind = {
  follow: 1,
  block: 2,
  mute: 3,
  identification: 4,
  tag: 5,
} as const

/**
 * Part of the main file's migrations.
 *
 * What its tables hold is said here, because SQL is shipped with its comments:
 *
 * - `items`: sort: see sort.ts. type: as in entries, below zero those of opened_types. by_type: 0 where
 *   items_timeline serves pages by type as well.
 * - `replies`: ghost: no longer shown; listed all the same while its content is erased, so that a thread tells of
 *   it.
 * - `claims`: subject: what statements must share for the newest to count; of a stance the root, else the
 *   identity, and person is the identity. current: the newest by (comparable, cid) of its feed on that subject.
 * - `searchable`: searchable.id is made of sort, so that search gives the newest first without looking at all it
 *   finds.
 * - `search_late`: Shown after search had gone past their id.
 */
export const viewTables = `
  create table items (
    entry integer primary key, feed integer not null, sort integer not null, type integer not null,
    timeline integer not null, by_type integer not null, parts integer not null
  );
  create index items_timeline on items (timeline, sort, entry, feed) where timeline > 0;
  create index items_feed on items (feed, timeline, sort) where timeline > 0;
  create index items_type on items (type, sort) where by_type = 1;

  create table replies (
    entry integer primary key, feed integer not null, sort integer not null, ghost integer not null,
    target_key integer not null, target blob not null, target_author blob not null,
    root_key integer not null, root blob not null, root_author blob not null
  );
  create index replies_target on replies (target_key, sort);
  create index replies_root on replies (root_key, sort);

  create table mentions (
    subject blob not null, sort integer not null, entry integer not null,
    primary key (subject, sort, entry)
  ) without rowid;
  create index mentions_entry on mentions (entry);

  create table labels (
    label text not null, sort integer not null, entry integer not null,
    primary key (label, sort, entry)
  ) without rowid;
  create index labels_entry on labels (entry);

  create table was (
    content_key integer not null, entry integer not null, author blob not null, content blob not null,
    primary key (content_key, entry, author, content)
  ) without rowid;
  create index was_entry on was (entry);

  create table claims (
    entry integer primary key, kind integer not null, feed integer not null, subject blob not null, person blob,
    comparable integer not null, cid blob not null, current integer not null, value integer not null, labels text
  );
  create index claims_newest on claims (kind, feed, subject, comparable, cid);
  create index claims_about on claims (kind, coalesce(person, subject)) where current = 1;
  create index claims_feed on claims (kind, feed) where current = 1;

  create table searchable (id integer primary key, entry integer not null unique);
  create table search_late (entry integer primary key);
  create virtual table search using fts5 (text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
`

/**
 * Part of the main file's migrations. Segments of the index are merged 16 at a time instead of 4: slices are
 * small, and rewriting what was written a moment ago was a third of their price.
 */
export const searchMerges = `
  insert into search (search, rank) values ('automerge', 16);
`

/** Part of the main file's migrations; what own devices tell each other, by key. */
export const deviceStateTables = `
  create table device_states (
    key text not null, feed integer not null, comparable integer not null, cid blob not null,
    entry integer not null, value text not null,
    primary key (key, feed, comparable, cid)
  ) without rowid;
  create index device_states_entry on device_states (entry);
`

/**
 * Part of the main file's migrations; reactions and follows that stand, by the key of whom they are about, so that a person is told of
 * them. Those that were stored before are found among the claims.
 */
export const responseTables = `
  create table responses (
    subject blob not null, sort integer not null, entry integer not null,
    primary key (subject, sort, entry)
  ) without rowid;
  create index responses_entry on responses (entry);
  insert into responses (subject, sort, entry)
    select substr(c.subject, 33, 32), i.sort, c.entry from claims c join items i on i.entry = c.entry
    where c.kind = ${claimKind.tag} and c.current = 1 and c.value = 1 and i.parts & ${part.labels} = 0
    union all
    select c.person, i.sort, c.entry from claims c join items i on i.entry = c.entry
    where c.kind = ${claimKind.follow} and c.current = 1 and c.value = 1 and c.person is not null;
`

/** Empties every table above. */
export const clearViews = `
  delete from items;
  delete from replies;
  delete from mentions;
  delete from labels;
  delete from was;
  delete from claims;
  delete from responses;
  delete from device_states;
  delete from searchable;
  delete from search_late;
  insert into search (search) values ('delete-all');
`

/**
 * Plaintexts of encrypted payloads, and the names of their types. No view: the store cannot make them again.
 *
 * What its tables hold is said here, because SQL is shipped with its comments:
 *
 * - `opened_entry`: A plaintext goes with the last bytes that held it.
 */
export const openedTables = `
  create table opened_types (id integer primary key, name text not null unique);
  create table opened (
    feed integer not null, content blob not null, payload text not null,
    primary key (feed, content)
  ) without rowid;
  create trigger opened_entry after delete on entries begin
    delete from opened where feed = old.feed and content = old.content and not exists (
      select 1 from entries e where e.content_key = old.content_key and e.content = old.content and e.feed = old.feed
    );
  end;
  create trigger opened_body after delete on bodies begin
    delete from opened where (feed, content) in (select feed, content from entries where id = old.entry);
  end;
`
