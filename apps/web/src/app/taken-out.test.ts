/** Who is told that their device was taken out, and who only turned on a lock. */
import { parseIdentity } from '@effigy/core'
import type { PeerState } from '@effigy/peer/page'
import { expect, test } from 'vitest'
import { isTakenOut } from './taken-out.ts'

const before = parseIdentity('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp')!
const next = parseIdentity('did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH')!
const open: PeerState = {
  type: 'open',
  identity: before,
  storage: { persistence: 'durable', reason: null, isGone: false },
  continuity: 'continued',
}

test('who was taken out is told', () => {
  expect(isTakenOut(open, before, 'revoked')).toBe(true)
  expect(isTakenOut(open, before, 'frozen')).toBe(true)
  expect(isTakenOut(open, before, 'main')).toBe(false)
  expect(isTakenOut(open, before, undefined)).toBe(false)
})

test('[O10] [K16] a lock that is turned on takes nobody out, until the next device is there', () => {
  for (const state of [
    { ...open, isRenewing: true },
    { type: 'starting', progress: null },
    { ...open, identity: next },
  ] satisfies PeerState[])
    expect(isTakenOut(state, before, 'revoked')).toBe(false)
})
