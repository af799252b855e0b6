/**
 * What a platform tells of the place where a peer runs, and what an app may tell of it (spec R40).
 *
 *     pages ─tell▶ ┐
 *                  ├─▶ SurroundingFacts ─▶ keep-up.ts ─▶ rests, spares, comes back quickly
 *     Surroundings ┘
 *
 * @module
 */
import type { SavingMode } from '../saving.ts'

/** Where a platform does not tell: visible, online, neither metered nor on a battery. */
export interface SurroundingFacts {
  /** A person may be looking. */
  readonly visible: boolean
  /** There is a network, as far as anybody knows. */
  readonly online: boolean
  /** Each byte costs, or the person asked the platform to save them. */
  readonly metered: boolean
  /** Nothing charges it. */
  readonly battery: boolean
}

export const plainSurroundings: SurroundingFacts = {
  visible: true,
  online: true,
  metered: false,
  battery: false,
}

/** A source of them beside pages: a program around the peer, a test. */
export interface Surroundings {
  readonly facts: SurroundingFacts
  /** Calls `listener` after each change, until disposed. */
  watch(listener: () => void): Disposable
}

export interface SurroundingsView {
  /** All sources together: visible where one of them is, online where one is, metered and on a battery where one is. */
  readonly facts: SurroundingFacts
  /** Nobody has looked for a minute: only what somebody waits for is fetched besides entries. */
  readonly isResting: boolean
  /** As `Peer.saving`: the stronger of what was chosen and what the surroundings are. */
  readonly saving: SavingMode
}

/** `peer.surroundings`. */
export interface PeerSurroundings {
  /**
   * What a page (a window, a tab) sees, by a name of its own (1 to 64 characters); null: it is gone. Tell it after each change and
   * once a minute: who says nothing for three minutes is gone. Once a page has told anything, nobody looks while none does.
   * Throws `EffigyError` 'bad-page'.
   */
  tell(page: string, facts: SurroundingFacts | null): void
  show(): SurroundingsView
  /** As when a person comes back: connections that wait are tried at once, sessions are asked whether they stand. */
  catchUp(): void
}

/** Several sources as one. Null: there is none. */
export function together(all: readonly SurroundingFacts[]): SurroundingFacts | null {
  if (all.length === 0) return null
  return {
    visible: all.some(({ visible }) => visible),
    online: all.some(({ online }) => online),
    metered: all.some(({ metered }) => metered),
    battery: all.some(({ battery }) => battery),
  }
}
