/**
 * Those who send much share the turns of the event loop: a few of them go on in each, however many they are (T16).
 *
 *     inSharedTurn(a), inSharedTurn(b), … ─ four in the next turn, four in the one after ─▶ goOn()
 *
 * Who sends a frame now and then waits for none of them: it is read between two turns, and opened at once.
 *
 * @module
 */
import type { Woken } from '../polled.ts'
import { afterTurn } from '../replication/slices.ts'

/** Sessions that go on in one turn: with what each may take in it, half a millisecond. */
export const mostInTurn = 4

const waiting: Woken[] = []
let turn = 0
/** Of this turn. */
let taken = 0
let isCounting = false

/** Another number in another turn, of those in which it is asked for. */
export function turnOfLoop(): number {
  count()
  return turn
}

/** In a later turn. */
export function inSharedTurn(one: Woken): void {
  waiting.push(one)
  count()
}

/** At once while this turn has room, else as `inSharedTurn`. */
export function inFreeTurn(one: Woken): void {
  if (taken >= mostInTurn) {
    inSharedTurn(one)
    return
  }
  taken++
  count()
  one.goOn()
}

function count(): void {
  if (isCounting) return
  isCounting = true
  afterTurn(next)
}

function next(): void {
  isCounting = false
  turn++
  // Whoever waits again by what it does stands behind the others.
  const some = waiting.splice(0, mostInTurn)
  taken = some.length
  if (waiting.length > 0 || taken > 0) count()
  for (const one of some) one.goOn()
}
