/**
 * People as they are typed where they have to be sure: by name only among those whom one follows, or said that of before.
 *
 *     "Alice" ─one of those that one follows, and only one▶ Identity        else as arguments.ts
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Peer } from '@effigy/peer'
import type { RelationKind } from '@effigy/store'
import { findIdentity } from './arguments.ts'
import { failure } from './failure.ts'
import { createNames } from './item-view.ts'
import { calmLine } from './terminal-text.ts'

/**
 * Names can be copied: two that one follows with one name are `identity-ambiguous`.
 *
 * @param among - also those of whom one said that.
 */
export function findPerson(peer: Peer, typed: string, among: RelationKind = 'follow'): Identity {
  const names = createNames(peer)
  const people = new Map<string, Identity>()
  const known = [...new Set(['follow', among] as const)].flatMap((kind) =>
    peer.query.relations(peer.identity, kind),
  )
  for (const identity of known) {
    if (names.nameOf(identity) === typed.trim())
      people.set(names.account(identity)?.root ?? identity, identity)
  }
  const [first, second] = people.values()
  if (second !== undefined) {
    const ends = [...people.keys()].map((name) => `…${name.slice(-12)}`)
    throw failure('identity-ambiguous', calmLine(typed), ends.join(', '))
  }
  return first ?? findIdentity(peer, typed)
}
