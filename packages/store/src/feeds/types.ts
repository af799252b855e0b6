/**
 * Payload types as small numbers (`types`, `entries.type`).
 *
 * @module
 */
import type { Sqlite } from '../sqlite.ts'

/** No readable payload, or a type beyond `maxTypes`. */
export const noType = 0

/** Apps name their own types (`x-…`), so anybody can invent them: more are kept without a number. */
const maxTypes = 4096

export interface Types {
  /** The number of a type, made when it is new; `noType` beyond the bound. */
  idOf(name: string): number
  nameOf(id: number): string | null
  /** The numbers of those types. */
  numbers(among: (name: string) => boolean): readonly number[]
  forget(): void
}

export function createTypes(db: Sqlite): Types {
  let ids: Map<string, number> | null = null
  let names = new Map<number, string>()

  const load = (): Map<string, number> => {
    if (ids !== null) return ids
    ids = new Map()
    names = new Map()
    for (const { id, name } of db.rows<{ id: number; name: string }>('select id, name from types')) {
      ids.set(name, id)
      names.set(id, name)
    }
    return ids
  }

  return {
    idOf(name) {
      const known = load()
      const id = known.get(name)
      if (id !== undefined) return id
      if (known.size >= maxTypes) return noType
      const made = known.size + 1
      db.run('insert into types (id, name) values (?, ?)', made, name)
      known.set(name, made)
      names.set(made, name)
      return made
    },
    nameOf(id) {
      load()
      return names.get(id) ?? null
    },
    numbers: (among) => Array.from(load()).flatMap(([name, id]) => (among(name) ? [id] : [])),
    forget: () => {
      ids = null
    },
  }
}
