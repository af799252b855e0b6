/**
 * What a session may never need is made when it does: most of a hub's sessions ask for nothing and give nothing for
 * hours, and each of their machines is a KB or more of closures and maps.
 *
 *     new Lazy(create) ─ get() ─▶ created, once       made: null until then
 *
 * Only for what does nothing by itself when it is created. A class, because there are a dozen in each session.
 *
 * @module
 */
/** Something that is made when it is first needed. What `create` throws comes out of `get`, which then tries again. */
export class Lazy<Value extends object> {
  readonly #create: () => Value
  #made: Value | null = null

  constructor(create: () => Value) {
    this.#create = create
  }

  /** Null until it was needed. */
  get made(): Value | null {
    return this.#made
  }

  get(): Value {
    this.#made ??= this.#create()
    return this.#made
  }
}
