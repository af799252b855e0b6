/**
 * Where to end the feed of a device that is lost: at what others saw of it before (spec Y12).
 *
 *     sightings of its heads ─before the loss, by own devices▶ highest ─▶ Final
 *                            └ by hubs alone: offered, for a person to judge
 *
 * Only when somebody else saw a head counts. What the entries say of time is the thief's to choose.
 *
 * @module
 */
import { compareHeads, type Head } from '../head-record.ts'
import type { Final } from '../payloads/schemas/synod.ts'

/** A verified head of the lost device's feed, and who saw it when first. */
export interface HeadSighting {
  readonly head: Head
  /** ms, by the clock of who saw it, and of the same clock as the time of loss as well as one can. */
  readonly seenMs: number
  /** Hubs say what they like about time: an own device's word goes before. */
  readonly by: 'own' | 'hub'
}

export interface FinalChoice {
  /** What own devices saw last before the loss; null when none of them saw anything by then. */
  readonly own: Head | null
  /** What a hub says it saw by then, when that is higher; entries of the person's, or of a hub's friend. */
  readonly claimed: Head | null
  /** Whether own devices saw two heads that one chain cannot have; the higher was chosen. */
  readonly forked: boolean
  /** Highest head seen by anybody at any time: what goes beyond the choice is cut off. Null: nothing was seen. */
  readonly highest: Head | null
}

/** Chooses among heads of one identity; the answer does not depend on their order. `lostMs`: the last moment at which the device was surely still in good hands. */
export function chooseFinal(sightings: Iterable<HeadSighting>, lostMs: number): FinalChoice {
  const all = [...sightings]
  const before = all.filter(({ seenMs }) => seenMs <= lostMs)
  const ownHeads = before.filter(({ by }) => by === 'own').map(({ head }) => head)
  const own = highestOf(ownHeads)
  const claimed = highestOf(before.map(({ head }) => head))
  return {
    own,
    claimed: claimed !== null && (own === null || compareHeads(claimed, own) > 0) ? claimed : null,
    forked: own !== null && ownHeads.some((head) => isBeside(head, own)),
    highest: highestOf(all.map(({ head }) => head)),
  }
}

/** The head as a state writes it. */
export function finalOfHead({ epoch, length, head }: Head): Final {
  return [epoch, length, head]
}

function highestOf(heads: readonly Head[]): Head | null {
  let highest: Head | null = null
  for (const head of heads) if (highest === null || compareHeads(head, highest) > 0) highest = head
  return highest
}

/** Of one epoch and length, and yet another. */
function isBeside(a: Head, b: Head): boolean {
  return a.epoch === b.epoch && a.length === b.length && a.head !== b.head
}
