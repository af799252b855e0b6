/**
 * A map and a set that hold no memory before something is in them: an empty one of the language is 180 bytes, and a
 * session has dozens that nothing ever comes into.
 *
 *     new SparseMap() ─ first set ─▶ a Map from then on      empty until then
 *
 * What is iterated before the first item came sees none, whatever comes meanwhile; else they are as those of the language.
 *
 * @module
 */

const noItems = new Map<never, never>()
const noMembers = new Set<never>()

export class SparseMap<Key, Value> {
  #items: Map<Key, Value> | null = null

  get size(): number {
    return this.#items?.size ?? 0
  }

  get(key: Key): Value | undefined {
    return this.#items?.get(key)
  }

  has(key: Key): boolean {
    return this.#items?.has(key) ?? false
  }

  set(key: Key, value: Value): this {
    this.#items ??= new Map()
    this.#items.set(key, value)
    return this
  }

  delete(key: Key): boolean {
    return this.#items?.delete(key) ?? false
  }

  clear(): void {
    this.#items?.clear()
  }

  keys(): MapIterator<Key> {
    return (this.#items ?? noItems).keys()
  }

  values(): MapIterator<Value> {
    return (this.#items ?? noItems).values()
  }

  entries(): MapIterator<[Key, Value]> {
    return (this.#items ?? noItems).entries()
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries()
  }
}

export class SparseSet<Member> {
  #members: Set<Member> | null = null

  get size(): number {
    return this.#members?.size ?? 0
  }

  has(member: Member): boolean {
    return this.#members?.has(member) ?? false
  }

  add(member: Member): this {
    this.#members ??= new Set()
    this.#members.add(member)
    return this
  }

  delete(member: Member): boolean {
    return this.#members?.delete(member) ?? false
  }

  clear(): void {
    this.#members?.clear()
  }

  values(): SetIterator<Member> {
    return (this.#members ?? noMembers).values()
  }

  [Symbol.iterator](): SetIterator<Member> {
    return this.values()
  }
}
