/**
 * A bounded memory of what was worked out for a 32-byte public key.
 *
 *     key ─its first bytes─▶ slot ─same 32 bytes?─▶ value
 *
 * One slot a key, and a newcomer evicts: no strings, no lists to keep in order,
 * some 30 ns a look-up. Who makes keys that share a slot gains the price of
 * working the answer out again, never a wrong answer.
 *
 * @module
 */

interface Slot<Value> {
  readonly key: Uint8Array
  readonly value: Value
}

/** 8,192 keys: every author that a busy hub follows in a minute, at most 1 MB. */
const slotCount = 8192

/** Gives `work(key)`, remembered. The key must be 32 bytes; it is copied. */
export function rememberByKey<Value>(work: (key: Uint8Array) => Value): (key: Uint8Array) => Value {
  const slots = new Array<Slot<Value> | undefined>(slotCount).fill(undefined)
  return (key) => {
    const index = ((key[0] as number) | ((key[1] as number) << 8)) & (slotCount - 1)
    const slot = slots[index]
    if (slot !== undefined && isSameKey(slot.key, key)) return slot.value
    const value = work(key)
    // Not `slice`: a Buffer's is a view of memory that is used again.
    slots[index] = { key: new Uint8Array(key), value }
    return value
  }
}

/** The same for work that takes time; what failed is forgotten, so that the next one tries again. */
export function rememberPromiseByKey<Value>(
  work: (key: Uint8Array) => Promise<Value>,
): (key: Uint8Array) => Promise<Value> {
  const slotOf = rememberByKey((): { value: Promise<Value> | null } => ({ value: null }))
  return (key) => {
    const slot = slotOf(key)
    if (slot.value !== null) return slot.value
    const value = work(key)
    slot.value = value
    value.catch(() => {
      if (slot.value === value) slot.value = null
    })
    return value
  }
}

function isSameKey(a: Uint8Array, b: Uint8Array): boolean {
  for (let index = 0; index < 32; index++) {
    if (a[index] !== b[index]) return false
  }
  return true
}
