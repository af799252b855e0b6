/**
 * Those who send much share the turns of the event loop: a few of them go on in each, however many they are (T16).
 *
 *     inSharedTurn(a), inSharedTurn(b), … ─ some in the next turn, some in the one after ─▶ goOn()
 *     restOfTurn(), restOfTurn(), …       ─ 10 ms of a turn for all that is long ─▶ on
 *
 * Who sends a frame now and then waits for none of them: it is read between two turns, and opened at once.
 *
 * @module
 */
import type { Clock } from '../clock.ts'
import type { Woken } from '../polled.ts'
import { afterTurn } from './turns.ts'

/** Weight of frames (`frameWeight`) after which no other that waited goes on in the turn: half a millisecond to a whole one. */
export const mostWaited = 64

/** The same of all frames, after which whoever had one in the turn waits for its next: some 3 ms. */
export const mostTaken = 256

/** Ms of one turn, after which long work goes on in another. A page has 16 for a frame. */
const turnMs = 10

interface Resting {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly goOn: () => void
}

const waiting: Woken[] = []
const resting: Resting[] = []
let turn = 0
/** Weight of all frames in this turn. */
let taken = 0
/** When somebody first asked in this turn. */
let startMs: number | null = null
let isCounting = false

/** Another number in another turn, of those in which it is asked for. */
export function turnOfLoop(nowMs: number): number {
  count()
  startMs ??= nowMs
  return turn
}

/** False: there were so many frames in this turn that who had one of them waits for its next. */
export function takesInTurn(weight: number): boolean {
  taken += weight
  return taken < mostTaken
}

/** In a later turn. */
export function inSharedTurn(one: Woken): void {
  waiting.push(one)
  count()
}

/** At once while this turn has room, else as `inSharedTurn`. */
export function inFreeTurn(one: Woken): void {
  if (taken >= mostWaited) inSharedTurn(one)
  else one.goOn()
}

/** Null while the turn is young, else when it goes on; of all that rest one after the other. */
export function restOfTurn(clock: Pick<Clock, 'monotonic'>): Promise<void> | null {
  if (!isOver(clock)) return null
  return new Promise((resolve) => {
    resting.push({ clock, goOn: resolve })
  })
}

function isOver(clock: Pick<Clock, 'monotonic'>): boolean {
  const nowMs = clock.monotonic()
  turnOfLoop(nowMs)
  return startMs !== null && nowMs - startMs >= turnMs
}

function count(): void {
  if (isCounting) return
  isCounting = true
  afterTurn(next)
}

function next(): void {
  isCounting = false
  turn++
  taken = 0
  startMs = null
  // Whoever waits again by what it does stands behind the others.
  const most = waiting.length
  let went = 0
  while (went < most && taken < mostWaited) waiting[went++]?.goOn()
  waiting.splice(0, went)
  if (waiting.length > 0 || taken > 0) count()
  rested()
}

/** One of them, and when it has done what it does at once the next: while the turn is young. */
function rested(): void {
  const one = resting.shift()
  if (one === undefined) return
  turnOfLoop(one.clock.monotonic())
  one.goOn()
  queueMicrotask(() => {
    if (resting.length > 0 && !isOver(one.clock)) rested()
  })
}
