/**
 * How a peer spares its line or its battery (DESIGN 3.4, spec R12).
 *
 *     peer.setSaving('metered') ─▶ provides {metered} to all ─▶ they ask for little; we ask for little, give little
 *
 * What a person asks for is fetched all the same.
 *
 * @module
 */
import type { BlobWant } from '@effigy/store'

/** `metered`: each byte costs. `battery`: each byte costs energy, less for what comes than for what goes. */
export type SavingMode = 'none' | 'metered' | 'battery'

export interface Saving {
  readonly mode: SavingMode
  set(mode: SavingMode): void
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
  let mode = initial
  return {
    get mode() {
      return mode
    },
    set(next) {
      mode = next
    },
    wants: ({ size, urgent }) => urgent === true || size <= largestWanted[mode],
  }
}
