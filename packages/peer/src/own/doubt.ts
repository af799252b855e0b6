/**
 * Texts that are known by the word of a device which is no member any more (spec Y24, T26): they are asked for
 * anew. Until somebody else tells they stay: an old device that was let go may have been the only one. Each is passed on
 * with all through whom it came: nobody's lie becomes the word of who passed it on, however late a theft is noticed.
 *
 *     tellers ─standing─▶ all members: good │ one revoked, let go: doubtful ─asked of the others─▶ replaced
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import type { Store } from '@effigy/store'

export interface Doubt {
  /** A device of the same account now, as this one is. */
  isMember(other: Identity): boolean
  isDoubtful(author: Identity, content: RawCid): boolean
  /** Through whom the text of a content came here; empty when it was opened here. */
  tellersOf(author: Identity, content: RawCid): readonly Identity[]
  /** By whose word something is known that is doubtful now. */
  tellers(): readonly Identity[]
}

export function createDoubt({ synods, told }: Pick<Store, 'synods' | 'told'>, self: Identity): Doubt {
  function isMember(other: Identity): boolean {
    const root = synods?.accountOf(self) ?? null
    const standings = root === null ? undefined : synods?.account(root)?.standings
    return standings?.get(self)?.type === 'member' && standings.get(other)?.type === 'member'
  }
  const tellersOf = (author: Identity, content: RawCid): readonly Identity[] =>
    told?.tellersOf(author, content) ?? []
  return {
    isMember,
    isDoubtful: (author, content) => !tellersOf(author, content).every(isMember),
    tellersOf,
    tellers: () => (told?.tellers() ?? []).filter((teller) => !isMember(teller)),
  }
}
