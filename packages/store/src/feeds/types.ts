/**
 * Payload types as small numbers (`types`, `entries.type`).
 *
 * @module
 */
import { knownTypes } from '@effigy/core'
import type { Sqlite } from '../sqlite.ts'

/** No readable payload, or a type of an app beyond `maxAppTypes`. */
export const noType = 0

/** Anybody can invent a type, long before a signature is checked: more are kept without a number. The protocol's own always have one (S6). */
const maxAppTypes = 4096

const ownTypes: ReadonlySet<string> = new Set(knownTypes)

/**
 * The protocol's own types were once refused like any other when the table was full: what was kept without a number
 * gets it, and is verified once more, because some act only then.
 */
export const ownTypesNumbered = `
  create temp table crowded as select 1 as one where (select count(*) from types) >= ${maxAppTypes};
  insert or ignore into types (name) select value from json_each('${JSON.stringify(knownTypes)}') where exists (select 1 from crowded);
  create temp table numbered as
    select p.id, t.id as type from (
      select id, case when json_valid(text) then json_extract(text, '$.payload') end as payload from (
        select id, substr(bytes, 1, instr(bytes, char(10)) - 1) as text from (
          select id, cast(coalesce(inner, bytes) as text) as bytes from entries
          where type = 0 and exists (select 1 from crowded)))
    ) p join types t on t.name = case when json_valid(p.payload) then json_extract(p.payload, '$.type') end;
  update entries set type = n.type from numbered n where n.id = entries.id;
  insert into unverified (first, last) select id, id from numbered n where not exists (
    select 1 from unverified u where u.first <= n.id and u.last >= n.id);
  insert or ignore into meta (key, value) select 'views.rebuild', 0 from crowded;
  drop table numbered;
  drop table crowded;`

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
  let apps = 0

  const load = (): Map<string, number> => {
    if (ids !== null) return ids
    ids = new Map()
    names = new Map()
    apps = 0
    for (const { id, name } of db.rows<{ id: number; name: string }>('select id, name from types')) {
      ids.set(name, id)
      names.set(id, name)
      if (!ownTypes.has(name)) apps++
    }
    return ids
  }

  return {
    idOf(name) {
      const known = load()
      const id = known.get(name)
      if (id !== undefined) return id
      const isApps = !ownTypes.has(name)
      if (isApps && apps >= maxAppTypes) return noType
      const made = known.size + 1
      db.run('insert into types (id, name) values (?, ?)', made, name)
      known.set(name, made)
      names.set(made, name)
      if (isApps) apps++
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
