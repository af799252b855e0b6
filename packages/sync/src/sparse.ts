/**
 * A map and a set that hold no memory before something is in them: an empty one of the language is 180 bytes, and a
 * session has dozens that nothing ever comes into.
 *
 *     new SparseMap() ─ first set ─▶ a Map from then on      empty until then
 *
 * What is iterated before the first item came sees none, whatever comes meanwhile, and a set of one not the second; else they are
 * as those of the language.
 *
 * @module
 */

const noItems = new Map<never, never>()
const noMembers: readonly never[] = []
/** No member, whatever members are. */
const nobody = Symbol('nobody')

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

/** A single member is held without a set around it: most have one at most. */
export class SparseSet<Member> {
  #only: Member | typeof nobody = nobody
  #members: Set<Member> | null = null

  get size(): number {
    return this.#members?.size ?? (this.#only === nobody ? 0 : 1)
  }

  has(member: Member): boolean {
    return this.#members === null ? this.#only === member : this.#members.has(member)
  }

  add(member: Member): this {
    if (this.#members !== null) this.#members.add(member)
    else if (this.#only === nobody) this.#only = member
    else if (this.#only !== member) {
      this.#members = new Set([this.#only, member])
      this.#only = nobody
    }
    return this
  }

  delete(member: Member): boolean {
    if (this.#members !== null) return this.#members.delete(member)
    if (this.#only !== member) return false
    this.#only = nobody
    return true
  }

  clear(): void {
    this.#only = nobody
    this.#members?.clear()
  }

  values(): IteratorObject<Member, undefined> {
    if (this.#members !== null) return this.#members.values()
    return (this.#only === nobody ? noMembers : [this.#only]).values()
  }

  [Symbol.iterator](): IteratorObject<Member, undefined> {
    return this.values()
  }
}
