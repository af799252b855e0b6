/**
 * A table of what crosses, as the two sides of a port use it: the host looks paths up in it, the page is given a
 * function for each.
 *
 *     { query: { timeline: 'read' } } ─membersOf▶ 'query.timeline' → ['query', 'timeline'], 'read'
 *
 * @module
 */
import type { Crossing, HandleCrossing } from './crossing.ts'

export interface AnyTable {
  readonly [name: string]: Leaf | AnyTable
}

export type Leaf = Crossing | HandleCrossing<AnyTable>

/** What a path means; `how` is never `absent`. */
export interface Member {
  readonly segments: readonly string[]
  readonly how: Leaf
}

export function isHandle(how: Leaf | AnyTable): how is HandleCrossing<AnyTable> {
  return typeof how === 'object' && typeof how.call === 'string' && typeof how.handle === 'object'
}

const isLeaf = (how: Leaf | AnyTable): how is Leaf => typeof how === 'string' || isHandle(how)

/** By path. What is not in it cannot be reached. */
export function membersOf(table: AnyTable, above: readonly string[] = []): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>()
  for (const [name, how] of Object.entries(table)) {
    const segments = [...above, name]
    if (!isLeaf(how)) for (const [path, member] of membersOf(how, segments)) members.set(path, member)
    else if (how !== 'absent' && how !== 'constant') members.set(segments.join('.'), { segments, how })
  }
  return members
}

/** What is told with an object when it is given away. */
export function constantsOf(table: AnyTable, object: object): Readonly<Record<string, unknown>> {
  const names = Object.keys(table).filter((name) => table[name] === 'constant')
  return Object.fromEntries(names.map((name) => [name, Reflect.get(object, name)]))
}

/** An object with a function for each member, and with its constants. */
export function proxyOf(
  table: AnyTable,
  constants: Readonly<Record<string, unknown>>,
  invoke: (path: string, how: Leaf, args: readonly unknown[]) => unknown,
  above = '',
): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [name, how] of Object.entries(table)) {
    const path = `${above}${name}`
    if (how === 'constant') made[name] = constants[name]
    else if (!isLeaf(how)) made[name] = proxyOf(how, {}, invoke, `${path}.`)
    else if (how !== 'absent') made[name] = (...args: readonly unknown[]) => invoke(path, how, args)
  }
  return made
}
