/**
 * Texts that are known by the word of a device which is no member any more (spec Y24, T26): they are passed on
 * as what they are, and asked for anew. Until somebody else tells they stay: an old device that was let go may have been the only one.
 *
 *     teller ─standing─▶ member: good │ revoked, let go: doubtful ─asked of the others─▶ replaced
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'

export interface Doubt {
  /** A device of the same account now, as this one is. */
  isMember(other: Identity): boolean
  /** By whose word the text of a content is known, when that is doubtful now; null: it is not. */
  doubtful(author: Identity, content: RawCid): Identity | null
  /** By whose word something is known that is doubtful now. */
  tellers(): readonly Identity[]
}

export function createDoubt({ synods, told }: Pick<Store, 'synods' | 'told'>, self: Identity): Doubt {
  function isMember(other: Identity): boolean {
    const root = synods?.accountOf(self) ?? null
    const standings = root === null ? undefined : synods?.account(root)?.standings
    return standings?.get(self)?.type === 'member' && standings.get(other)?.type === 'member'
  }
  return {
    isMember,
    doubtful(author, content) {
      const teller = told?.teller(author, content) ?? null
      return teller === null || isMember(teller) ? null : teller
    },
    tellers: () => (told?.tellers() ?? []).filter((teller) => !isMember(teller)),
  }
}
