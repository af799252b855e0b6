/**
 * The tables of accounts (spec S30 to S37). Part of the main file's migrations.
 *
 * @module
 */

/**
 * What its tables hold is said here, because SQL is shipped with its comments:
 *
 * - `synod_states`: States in verified entries, each with the bytes of its entry: they outlive the feed's own
 *   (S30). epoch: the least under which it was held. proven: P14, with the signatures inside. counts: whether
 *   erases reach others by it (S37).
 * - `synod_roots`: When an account was last of use here, ms: one that nobody means any more is let go.
 * - `synod_moves`: Moves that came without a state, both of their signatures checked. hash: what decides between
 *   two of one key (Y3).
 * - `synod_devices`: The verdict, made of the states: what each identity is to its account, the closest account
 *   first (rank).
 * - `synod_pins`: Own identities and the account that each accepted; null: none (S39).
 * - `kept_out_heads`: Heads that a limit keeps out, for when it is lifted (S35). kind: 0 what was held before, 1
 *   the highest told since.
 * - `waiting_erasures` (its index): it lists every erase that reaches others by a state, whether it waits
 *   or not.
 */
export const synodTables = `
  create table synod_states (
    id integer primary key, cid blob not null unique, root text not null, identity blob not null,
    length integer not null, epoch integer not null, proven integer not null, counts integer not null default 0,
    bytes blob not null
  );

  create table synod_roots (root text primary key, used integer not null) without rowid;
  create index synod_roots_used on synod_roots (used);

  create index synod_states_root on synod_states (root);
  create index synod_states_identity on synod_states (identity, length, cid);
  create index synod_states_unproven on synod_states (id) where proven = 0;

  create table synod_moves (
    root text not null, hash blob not null, move text not null,
    primary key (root, hash)
  ) without rowid;

  create table synod_devices (
    identity blob not null, rank integer not null, root text not null, standing text not null,
    primary key (identity, rank, root)
  ) without rowid;
  create index synod_devices_root on synod_devices (root, rank);

  create table synod_pins (identity blob primary key, root text) without rowid;

  create table kept_out_heads (
    feed integer not null, kind integer not null, epoch integer not null, length integer not null,
    comparable integer not null, bytes integer not null, head blob not null, signature blob not null,
    primary key (feed, kind)
  ) without rowid;
  alter table feeds add column feed_limit text;

  create index waiting_erasures_entry on waiting_erasures (entry);
`
