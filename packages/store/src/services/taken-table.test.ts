/** Drops that wait for whoever acts on them (V42, V43). */
import { encodeBase64url, identityOfKey, rawCidOfDigest } from '@effigy/core'
import { expect, test } from 'vitest'
import { openSqlite } from '../../test/medium.ts'
import { createChanges } from '../changes.ts'
import { migrations } from '../schema.ts'
import type { TakenDrop, TakenDrops } from './taken-drops.ts'
import { createTakenTable } from './taken-table.ts'

const someone = (byte: number) => identityOfKey(new Uint8Array(32).fill(byte))
const sealed = Uint8Array.of(1, 2, 3)

function open(): TakenDrops {
  const db = openSqlite(':memory:', { migrations })
  return createTakenTable(db, createChanges(db))
}

function drop(byte: number, changes: Partial<TakenDrop> = {}): TakenDrop {
  return {
    id: rawCidOfDigest(new Uint8Array(32).fill(byte)),
    from: someone(1),
    nonce: encodeBase64url(new Uint8Array(16).fill(byte)),
    type: 'x-note',
    at: 5,
    takenAt: byte,
    isRequest: false,
    byHand: false,
    size: 3,
    ...changes,
  }
}

test('[V42] kept as they came, once by sender and nonce, in the order of coming', () => {
  const taken = open()
  expect(taken.put(drop(2), sealed)).toBe(true)
  expect(taken.put(drop(1), sealed)).toBe(true)
  // Sealed anew, it is the same drop.
  expect(taken.put({ ...drop(3), nonce: drop(2).nonce }, sealed)).toBe(false)
  expect(taken.list(false, 10)).toEqual([drop(1), drop(2)])
  expect(taken.get(drop(2).id)).toEqual(drop(2))
  expect(taken.bytes(drop(2).id)).toEqual(sealed)
  expect([taken.get(drop(3).id), taken.bytes(drop(3).id)]).toEqual([null, null])
  expect([taken.remove(drop(1).id), taken.remove(drop(1).id)]).toEqual([true, false])
  expect(taken.list(false, 10)).toEqual([drop(2)])
})

test('[V43] requests are counted apart, by sender too; accepted, they are none; old ones go', () => {
  const taken = open()
  for (const one of [drop(1), drop(2, { isRequest: true, byHand: true }), drop(3, { isRequest: true })]) {
    taken.put(one, sealed)
  }
  taken.put(drop(4, { isRequest: true, from: someone(2) }), sealed)
  expect(taken.usage(true, null)).toEqual({ items: 3, bytes: 9 })
  expect(taken.usage(true, someone(2))).toEqual({ items: 1, bytes: 3 })
  expect(taken.usage(false, null)).toEqual({ items: 1, bytes: 3 })
  expect([taken.accept(drop(2).id), taken.accept(drop(2).id)]).toEqual([true, false])
  expect(taken.list(false, 10)).toEqual([drop(1), drop(2)])
  expect(taken.expire(2, 10, null)).toBe(0)
  expect(taken.expire(4, 1, null)).toBe(1)
  expect(taken.expire(4, 10, null)).toBe(1)
  expect(taken.list(false, 10)).toHaveLength(2)
})

test('[V43] what nothing acts on is counted apart, by sender too, and goes when it is old', () => {
  const taken = open()
  const junk = { type: 'x-junk' }
  const all = [drop(1), drop(2, junk), drop(3, { ...junk, from: someone(2) }), drop(4, junk)]
  for (const one of [...all, drop(5, { ...junk, isRequest: true }), drop(9, junk)]) taken.put(one, sealed)
  expect(taken.usage(false, null, ['x-note', 'x-other'])).toEqual({ items: 4, bytes: 12 })
  expect(taken.usage(false, someone(2), ['x-note'])).toEqual({ items: 1, bytes: 3 })
  expect(taken.usage(false, someone(2), ['x-junk'])).toEqual({ items: 0, bytes: 0 })
  expect([taken.usage(false, null, []).items, taken.usage(true, null, ['x-note']).items]).toEqual([5, 1])
  expect([taken.expire(8, 3, ['x-note']), taken.expire(8, 3, ['x-note'])]).toEqual([3, 1])
  expect(taken.list(false, 10)).toEqual([drop(1), drop(9, junk)])
})

test('[V27] who stays on the list is on it since the first time', () => {
  const taken = open()
  taken.name(new Set([someone(1), someone(2)]), 100)
  taken.name(new Set([someone(2), someone(3)]), 200)
  expect([1, 2, 3].map((byte) => taken.namedSince(someone(byte)))).toEqual([null, 100, 200])
})
