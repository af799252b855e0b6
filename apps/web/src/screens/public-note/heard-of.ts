/**
 * Of a note that a hub gave, what somebody with an account is shown: nothing of whom they blocked or muted, and no answer
 * to them (spec S42, S43).
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import type { PublicNote, ReadPayload } from './check-note.ts'

export interface Heard {
  readonly answers: readonly ReadPayload[]
  /** Oneself, and whom one follows: their pictures are shown unasked. */
  readonly friends: ReadonlySet<Identity>
}

/** Rejects as the peer does. */
export async function heardOf(
  { identity, answers }: PublicNote,
  people: Pick<RemotePeer['people'], 'show'>,
): Promise<Heard> {
  const all = new Set([identity, ...answers.flatMap(personsOf)])
  const views = new Map(
    await Promise.all(Array.from(all, async (one) => [one, await people.show(one)] as const)),
  )
  const isHeard = (one: Identity): boolean => {
    const view = views.get(one)
    return view !== undefined && !view.isBlocked && !view.isMuted
  }
  const friends = [...views].filter(([, { isSelf, isFollowed }]) => isSelf || isFollowed)
  return {
    // Who was muted is found by who asks for them: of the note itself that is so.
    answers: answers.filter((answer) => personsOf(answer).every((one) => one === identity || isHeard(one))),
    friends: new Set(friends.map(([one]) => one)),
  }
}

/** Who says it, and to whom. */
function personsOf({ identity, payload }: ReadPayload): readonly Identity[] {
  return payload.type === 'comment' ? [identity, payload.target.identity] : [identity]
}
