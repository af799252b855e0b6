import { expect, test } from 'vitest'
import { bobIdentity } from '../../test/handshake-kit.ts'
import { createSharing, type SharingFacts, type Trust } from './sharing.ts'

const facts = (trust: Trust, isMember = false): SharingFacts => ({
  trust: () => trust,
  isBlocked: () => false,
  isPublic: () => true,
  isPublicBlob: () => false,
  isMember: () => isMember,
})

test('[R1] [T16] strangers and contacts may watch a thousand feeds, those we stand by a hundred thousand', () => {
  const most = (trust: Trust, isMember?: boolean) =>
    createSharing(bobIdentity, facts(trust, isMember)).maxWatched
  expect([most('stranger'), most('contact')]).toEqual([1_000, 1_000])
  expect([most('friend'), most('own'), most('stranger', true)]).toEqual([100_000, 100_000, 100_000])
})

test('[R1] trust that grows during the session counts at once', () => {
  let trust: Trust = 'contact'
  const sharing = createSharing(bobIdentity, { ...facts('contact'), trust: () => trust })
  expect(sharing.maxWatched).toBe(1_000)
  trust = 'friend'
  expect(sharing.maxWatched).toBe(100_000)
})
