/**
 * How much room the browser gives, and whether it may take it back (spec S54).
 *
 *     estimate ─▶ used, quota        persist ─the page alone may ask▶ persisted: never evicted unasked
 *
 * @module
 */

export interface Room {
  /** Of this origin, all of it; null where the browser does not tell. Bytes. */
  readonly usedBytes: number | null
  readonly quotaBytes: number | null
  /** The browser does not evict it on its own; null where it does not tell. */
  readonly isPersisted: boolean | null
}

export async function readRoom(): Promise<Room> {
  const [estimate, isPersisted] = await Promise.all([
    orNull(() => navigator.storage.estimate()),
    orNull(() => navigator.storage.persisted()),
  ])
  return { usedBytes: estimate?.usage ?? null, quotaBytes: estimate?.quota ?? null, isPersisted }
}

/** Not all of it is there in each browser, and private windows may refuse it. */
async function orNull<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask()
  } catch {
    return null
  }
}
