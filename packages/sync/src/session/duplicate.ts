/**
 * Which of two sessions of one pair stays (spec A11); both sides come to the same one, because what each is bound to
 * is in the transcript of both.
 *
 * @module
 */
import { compareIdentities, type Identity } from '@effigy/core'
import type { Link } from '../link.ts'

/**
 * One that goes through no hub before one that does. Then the one dialled by the lesser identity; of two with one
 * dialler the newer, since the older may be half-open.
 */
export function sessionToKeep<
  Session extends { readonly dialler: Identity; readonly link: Pick<Link, 'kind'> },
>(older: Session, newer: Session): Session {
  const isOlderRelayed = older.link.kind === 'relay'
  if (isOlderRelayed !== (newer.link.kind === 'relay')) return isOlderRelayed ? newer : older
  return compareIdentities(older.dialler, newer.dialler) < 0 ? older : newer
}
