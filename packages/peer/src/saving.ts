/**
 * How a peer spares its line or its battery (spec R12, R42, R44).
 *
 *     peer.setSaving('metered') ─▶ provides {metered} to all ─▶ they ask for little; we ask for little, give little
 *     surroundings ─▶ the stronger of both counts            resting ─▶ what nobody waits for is not asked for
 *
 * What a person asks for is fetched all the same.
 *
 * @module
 */
import type { BlobWant } from '@effigy/store'

/** `metered`: each byte costs. `battery`: each byte costs energy, less for what comes than for what goes. */
export type SavingMode = 'none' | 'metered' | 'battery'

export interface Surrounded {
  /** What the surroundings call for. */
  readonly mode: SavingMode
  /** Nobody has looked for a while. */
  readonly isResting: boolean
}

export interface Saving {
  /** The stronger of what was chosen and what the surroundings call for. */
  readonly mode: SavingMode
  readonly isResting: boolean
  /** Chosen by a person or an app. */
  set(mode: SavingMode): void
  /** True: `mode` or `isResting` is another one now. */
  surround(by: Surrounded): boolean
  /** Whether that is fetched now though nobody waits for it. */
  wants(want: BlobWant): boolean
}

/** Bytes of the largest file that is fetched by itself: a picture as people post them, and any on a battery. */
const largestWanted: Readonly<Record<SavingMode, number>> = {
  none: Number.POSITIVE_INFINITY,
  metered: 256 * 1024,
  battery: 4 * 1024 * 1024,
}

export function createSaving(initial: SavingMode): Saving {
  let chosen = initial
  let around: Surrounded = { mode: 'none', isResting: false }

  const modeNow = (): SavingMode =>
    largestWanted[around.mode] < largestWanted[chosen] ? around.mode : chosen

  return {
    get mode() {
      return modeNow()
    },
    get isResting() {
      return around.isResting
    },
    set(next) {
      chosen = next
    },
    surround(by) {
      const before = { mode: modeNow(), isResting: around.isResting }
      around = by
      return modeNow() !== before.mode || by.isResting !== before.isResting
    },
    wants: ({ size, urgent }) => urgent === true || (!around.isResting && size <= largestWanted[modeNow()]),
  }
}
