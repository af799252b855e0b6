/**
 * Where somebody was in a list: back there they are again, to the pixel; after a reload too.
 *
 *     leaving ─▶ key of the entry at the top, and how far it was above ─▶ coming back
 *
 * @module
 */
import type { VirtualItem } from '@tanstack/react-virtual'

export interface Place {
  /** Of the entry at the top of the screen. */
  readonly key: string
  /** Pixels that it was above the top. */
  readonly above: number
  /** Of the newest entry that was shown: what came since waits behind a button. */
  readonly newest: string | null
}

export interface KeptPlace extends Place {
  readonly sizes: readonly VirtualItem[]
}

const kept = new Map<string, KeptPlace>()
const storageKey = (name: string): string => `effigy-place/${name}`

export function keepPlace(name: string, place: KeptPlace | null): void {
  if (place === null) {
    kept.delete(name)
    sessionStorage.removeItem(storageKey(name))
    return
  }
  kept.set(name, place)
  const { key, above, newest } = place
  sessionStorage.setItem(storageKey(name), JSON.stringify({ key, above, newest }))
}

/** Null: at the top. */
export function keptPlace(name: string): KeptPlace | null {
  const found = kept.get(name)
  if (found !== undefined) return found
  const text = sessionStorage.getItem(storageKey(name))
  const place = text === null ? null : parsePlace(text)
  return place === null ? null : { ...place, sizes: [] }
}

function parsePlace(text: string): Place | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const { key, above, newest } = value as Partial<Record<keyof Place, unknown>>
    if (typeof key !== 'string' || typeof above !== 'number' || !Number.isFinite(above)) return null
    return { key, above, newest: typeof newest === 'string' ? newest : null }
  } catch {
    return null
  }
}
