/**
 * What a person does to their account in this very page is no news to them: it is noted while it is in hand.
 *
 * @module
 */

interface Hand {
  readonly from: number
  to: number
}

/** The last of them, in this page. */
const hands: Hand[] = []

const maxHands = 16

/** From now until what it gives is called, changes of the account are made here. */
export function beginHere(now: () => number = Date.now): () => void {
  const hand: Hand = { from: now(), to: Number.POSITIVE_INFINITY }
  hands.push(hand)
  hands.splice(0, hands.length - maxHands)
  return () => {
    hand.to = now()
  }
}

export async function doHere<Value>(work: () => Promise<Value>): Promise<Value> {
  const end = beginHere()
  try {
    return await work()
  } finally {
    end()
  }
}

/** `at`: when it was noticed by this device, wall clock, ms. */
export function wasDoneHere(at: number): boolean {
  return hands.some(({ from, to }) => from <= at && at <= to)
}
