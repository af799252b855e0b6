/**
 * Names that conversations had: of devices, before it was known whose account they are (spec Q20, Q23).
 *
 *     pDEVICES ─an account says whose they are▶ pACCOUNTS        links and read markers under the first mean the second
 *
 * @module
 */
import type { Store } from '@effigy/store'

export interface Renamed {
  /** The name that it has now. */
  now(name: string): string
  /** Those that it had. */
  before(name: string): readonly string[]
  /** Durable when it returns. */
  note(before: string, now: string): void
}

/** The newest; of those before them what was read is unread again. */
const maxKept = 1_024

const key = 'conversations/renamed'

export function createRenamed(store: Pick<Store, 'setting' | 'saveSetting'>): Renamed {
  // Nobody but `note` writes it.
  let names = new Map(JSON.parse(store.setting(key) ?? '[]') as readonly (readonly [string, string])[])
  let former = reversed(names)
  return {
    now: (name) => names.get(name) ?? name,
    before: (name) => former.get(name) ?? [],
    note(before, now) {
      const others = Array.from(names, ([old, name]) => [old, name === before ? now : name] as const)
      names = new Map(
        [...others.filter(([old]) => old !== before && old !== now), [before, now] as const].slice(-maxKept),
      )
      former = reversed(names)
      store.saveSetting(key, JSON.stringify([...names]))
    },
  }
}

function reversed(names: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const former = new Map<string, string[]>()
  for (const [old, name] of names) {
    const list = former.get(name) ?? []
    former.set(name, list)
    list.push(old)
  }
  return former
}
