/**
 * People of a recovery, as they are typed and shown.
 *
 * @module
 */
import { type Identity, parseRoot, type Root } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import { findIdentity } from '../../arguments.ts'
import { failure } from '../../failure.ts'
import { createNames } from '../../item-view.ts'
import { calmLine } from '../../terminal-text.ts'

/** The account that is meant by a root or an identity. Throws `identity-unknown`, and what `findIdentity` throws. */
export function findRoot(peer: Peer, typed: string): Root {
  const root = parseRoot(typed) ?? peer.account.of(findIdentity(peer, typed))?.root ?? null
  if (root === null) throw failure('identity-unknown', calmLine(typed))
  return root
}

/** What somebody is called here, by an identity of theirs. */
export function nameOf(peer: Peer, identity: Identity): string {
  return createNames(peer).label(identity)
}
