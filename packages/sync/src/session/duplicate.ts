/**
 * Which of two sessions of one pair stays (spec A11); both sides come to the same one.
 *
 * @module
 */
import { compareIdentities, type Identity } from '@effigy/core'

/** The one dialled by the lesser identity; of two with one dialler the newer, since the older may be half-open. */
export function sessionToKeep<Session extends { readonly dialler: Identity }>(
  older: Session,
  newer: Session,
): Session {
  return compareIdentities(older.dialler, newer.dialler) < 0 ? older : newer
}
