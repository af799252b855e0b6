/**
 * Whether a main file holds anything that would be lost with it (spec S57): what can be made again out of the rest, and what
 * a peer that was never used has, is nothing.
 *
 * @module
 */
import type { Sqlite } from './sqlite.ts'

/** A row in one of these is something. */
export const holdingTables = [
  'entries',
  'bodies',
  'erasures',
  'waiting_erasures',
  'blob_pins',
  'opened',
  'accounts',
  'leases',
  'leases_gone',
  'lease_promises',
  'drops',
  'drop_seen',
  'drop_friends',
  'seen_drops',
  'taken_drops',
  'drop_senders',
  'device_states',
  'synod_states',
  'synod_moves',
  'feed_keys',
  'feed_key_letters',
  'told_texts',
  'shut',
  'content_keys',
  'content_key_members',
  'group_texts',
] as const

/** Made of the rest, or there from the beginning. Each table stands in one of the two lists, and a test sees to it. */
export const followingTables = [
  'meta',
  'feeds',
  'head_evidence',
  'runs',
  'unverified',
  'leaving',
  'types',
  'blob_links',
  'blob_roots',
  'blob_changes',
  'opened_types',
  'items',
  'replies',
  'responses',
  'mentions',
  'labels',
  'was',
  'claims',
  'searchable',
  'search_late',
  'head_log',
  'head_eras',
  'met_sets',
  'met_keys',
  'seen_forgotten',
  'synod_roots',
  'synod_devices',
  'kept_out_heads',
  'synod_pins',
  'closed_feeds',
  'conversations',
  'messages',
] as const

/** `db`: a main file with all migrations. */
export function holdsAnything(db: Sqlite): boolean {
  const hasRow = (rows: string): boolean => db.first(`select 1 as one from ${rows} limit 1`) !== null
  // A device without account says so of itself.
  return holdingTables.some(hasRow) || hasRow('synod_pins where root is not null')
}
