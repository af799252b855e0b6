/** Who is told that their device was taken out, and who only turned on a lock. */
import { parseIdentity } from '@effigy/core'
import type { PeerState } from '@effigy/peer/page'
import { expect, test } from 'vitest'
import { howTakenOut } from './taken-out.ts'

const before = parseIdentity('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp')!
const next = parseIdentity('did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH')!
const open: PeerState = {
  type: 'open',
  identity: before,
  storage: { persistence: 'durable', reason: null, isGone: false },
  continuity: 'continued',
}

test('[Y12] who was taken out is told, and not to wipe what may be there alone', () => {
  expect(howTakenOut(open, before, { role: 'revoked', disputed: false })).toBe('ended')
  expect(howTakenOut(open, before, { role: 'frozen', disputed: false })).toBe('undecided')
  expect(howTakenOut(open, before, { role: 'main', disputed: false })).toBeNull()
  expect(howTakenOut(open, before, null)).toBeNull()
})

test('[Y14] while two speak for the account, who is frozen is not told to wipe; whom both revoked is out', () => {
  expect(howTakenOut(open, before, { role: 'frozen', disputed: true })).toBeNull()
  expect(howTakenOut(open, before, { role: 'revoked', disputed: true })).toBe('ended')
})

test('[O10] [K16] a lock that is turned on takes nobody out, until the next device is there', () => {
  for (const state of [
    { ...open, isRenewing: true },
    { type: 'starting', progress: null },
    { ...open, identity: next },
  ] satisfies PeerState[])
    expect(howTakenOut(state, before, { role: 'revoked', disputed: false })).toBeNull()
})
