/**
 * What a peer does about its surroundings (spec R40-R45).
 *
 *     hidden ─a minute▶ resting: pings seldom, fetches what somebody waits for      metered, battery ─▶ spares (saving.ts)
 *     visible again, online again, slept ─▶ waiting connections dialled at once, sessions but direct ones asked whether they stand
 *
 * Entries come all the while: they are small, and what is behind when a person returns is what they wait for. Coming up to
 * date after a cut costs what is new (spec C).
 *
 * @module
 */
import type { Clock, Log, Session } from '@effigy/sync'
import type { Connection } from '../peer.ts'
import type { Saving, SavingMode } from '../saving.ts'
import { createPages } from './pages.ts'
import {
  type PeerSurroundings,
  plainSurroundings,
  type SurroundingFacts,
  type Surroundings,
  together,
} from './surroundings.ts'

export interface KeepUpPorts {
  readonly clock: Clock
  readonly log: Log
  /** Besides pages. */
  readonly surroundings: Surroundings | undefined
  readonly saving: Saving
  readonly connections: () => Iterable<Pick<Connection, 'state' | 'retry'>>
  readonly sessions: () => Iterable<Pick<Session, 'doubt' | 'link'>>
  /** Somebody, or the network, is back: ways to others are looked at anew. */
  readonly back: () => void
  /** This device slept, and may be in another network without a word: direct ways are looked for anew. */
  readonly woke: () => void
  /** `saving` is another one: others are told, and what is wanted is looked at anew. */
  readonly changed: () => void
}

export interface KeepUp extends Disposable {
  readonly api: PeerSurroundings
}

/** Hidden for so long, ms: who looks at another tab for a moment has not left. */
export const restAfterMs = 60_000

/** Between two looks at the clock, ms; while resting the second. */
const beatMs = 30_000
const restingBeatMs = 240_000

/** A look that comes so much too late, ms: the machine slept, or the platform stopped us. */
const sleptMs = 30_000

/** Between two catch-ups, ms: a flapping line, or a person between two tabs, is no reason to dial each time. */
const catchUpMs = 5_000

export function keepUp(ports: KeepUpPorts): KeepUp {
  const { clock, log, saving, surroundings } = ports
  const pages = createPages(clock)
  let facts = plainSurroundings
  let resting: Disposable | null = null
  let beat: Disposable | null = null
  let due: Disposable | null = null
  let caughtUpMs = Number.NEGATIVE_INFINITY
  let isOver = false

  const factsNow = (): SurroundingFacts | null =>
    together([surroundings?.facts ?? null, pages.facts].filter((each) => each !== null))

  function look(): void {
    const next = factsNow()
    if (next === null || isOver) return
    const before = facts
    facts = next
    if (beat === null) beatSoon()
    if (facts.visible) resting = cancelled(resting)
    else resting ??= saving.isResting ? null : clock.after(restAfterMs, beginRest)
    apply(saving.isResting && !facts.visible)
    const isBack = facts.visible && !before.visible
    // What ran over a line that is gone is not waited for.
    if (isBack || facts.online !== before.online) catchUp()
  }

  function beginRest(): void {
    resting = null
    apply(true)
  }

  function apply(isResting: boolean): void {
    if (!saving.surround({ mode: modeOf(facts), isResting })) return
    log.info('surroundings.changed', { resting: isResting, saving: saving.mode })
    ports.changed()
  }

  function catchUp(): void {
    if (isOver || due !== null) return
    const waitMs = caughtUpMs + catchUpMs - clock.monotonic()
    if (waitMs > 0) due = clock.after(waitMs, catchUpNow)
    else catchUpNow()
  }

  function catchUpNow(): void {
    due = null
    caughtUpMs = clock.monotonic()
    for (const { state, retry } of ports.connections()) if (state.type === 'waiting') retry()
    // A direct way comes back over an ICE restart that takes longer than a doubt (M17, R26).
    for (const session of ports.sessions()) if (session.link.kind !== 'webrtc') session.doubt()
    ports.back()
  }

  function beatSoon(): void {
    const startMs = clock.monotonic()
    const startWallMs = clock.now()
    const usualMs = saving.isResting ? restingBeatMs : beatMs
    beat = clock.after(usualMs, () => {
      // Not every platform counts the time that it slept.
      const tookMs = Math.max(clock.monotonic() - startMs, clock.now() - startWallMs)
      beatSoon()
      if (pages.forget()) look()
      if (tookMs <= usualMs + sleptMs) return
      ports.woke()
      catchUp()
    })
  }

  const watching = surroundings?.watch(look)
  look()

  return {
    api: {
      tell(page, told) {
        pages.tell(page, told)
        look()
      },
      show: () => ({ facts, isResting: saving.isResting, saving: saving.mode }),
      catchUp,
    },
    [Symbol.dispose]() {
      isOver = true
      watching?.[Symbol.dispose]()
      for (const timer of [resting, beat, due]) timer?.[Symbol.dispose]()
    },
  }
}

function cancelled(timer: Disposable | null): null {
  timer?.[Symbol.dispose]()
  return null
}

const modeOf = ({ metered, battery }: SurroundingFacts): SavingMode =>
  metered ? 'metered' : battery ? 'battery' : 'none'
