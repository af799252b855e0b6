/** What was about to be deleted when the browser got other keys, or its page was closed. */
import { parseIdentity, parseRawCid } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { undoMs } from '../tell.ts'
import { leave, leaveNow, resumeLeaving } from './leaving.ts'

const before = parseIdentity('did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp')!
const now = parseIdentity('did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH')!
const cid = parseRawCid('bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4')!
const key = `effigy-leaving/${before}`

let kept: Map<string, string>
let done: string[]
let isRenewed: boolean
/** What the next act fails with. */
let failure: string | null

function act(said: string): void {
  const code = failure
  failure = null
  if (code !== null) throw Object.assign(new Error(code), { code })
  done.push(said)
}

/** What a page has of the peer: its handles reach whatever device the browser is now. */
function peerOf(identity: typeof before): RemotePeer {
  const device = () => (isRenewed ? now : before)
  return {
    identity,
    account: {
      show: async () => ({
        members: [{ identity: device() }],
        revoked: isRenewed ? [{ identity: before }] : [],
        frozen: [],
      }),
    },
    remove: async () => act('removed'),
    erase: async ([target]: readonly { readonly identity: string }[]) =>
      act(target?.identity === before ? 'erased' : 'erased of another'),
  } as unknown as RemotePeer
}

const wish = () => ({ cid, identity: before, content: cid, how: 'remove', at: Date.now() }) as const
const stop = new AbortController()

beforeEach(() => {
  vi.useFakeTimers()
  kept = new Map()
  done = []
  isRenewed = false
  failure = null
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('what waits is done at once where nobody would come who does it, and not once more', async () => {
  leave(peerOf(before), wish(), () => {})
  await leaveNow(peerOf(before))
  expect(done).toEqual(['removed'])
  expect(kept.size).toBe(0)
  await vi.advanceTimersByTimeAsync(undoMs)
  expect(done).toEqual(['removed'])
})

test('a deletion is done after the time to take it back, and is kept until then', async () => {
  leave(peerOf(before), wish(), () => {})
  expect(kept.has(key)).toBe(true)
  await vi.advanceTimersByTimeAsync(undoMs)
  expect(done).toEqual(['removed'])
  expect(kept.size).toBe(0)
})

test('[K16] of the device before a lock: the next one erases it, on the same page and at the next start', async () => {
  leave(peerOf(before), wish(), () => {})
  isRenewed = true
  await vi.advanceTimersByTimeAsync(undoMs)
  expect(done).toEqual(['erased'])
  expect(kept.size).toBe(0)

  kept.set(key, JSON.stringify([{ ...wish(), at: Date.now() - 60_000 }]))
  await resumeLeaving(peerOf(now), stop.signal)
  expect(done).toEqual(['erased', 'erased'])
  expect(kept.size).toBe(0)
})

test('[K16] in the middle of a renewal it fails, and is done once the other keys are there', async () => {
  const failed: unknown[] = []
  leave(peerOf(before), wish(), (error) => failed.push(error))
  failure = 'leaving'
  await vi.advanceTimersByTimeAsync(undoMs)
  expect(failed).toMatchObject([{ code: 'leaving' }])
  isRenewed = true
  await resumeLeaving(peerOf(now), stop.signal)
  // Another tab might still offer to take it back.
  expect(done).toEqual([])
  await vi.advanceTimersByTimeAsync(undoMs + 4_000)
  expect(done).toEqual(['erased'])
  expect(kept.size).toBe(0)
})

test('what cannot be done is not tried for ever', async () => {
  leave(peerOf(before), wish(), () => {})
  failure = 'not-own-entry'
  await vi.advanceTimersByTimeAsync(undoMs)
  expect(done).toEqual([])
  expect(kept.size).toBe(0)
})

test('[S13] what may not be written yet after a long time, or behind a clock that went back, is deleted once it may', async () => {
  for (const days of [8, -8]) {
    done = []
    kept.set(key, JSON.stringify([{ ...wish(), at: Date.now() - days * 86_400_000 }]))
    failure = 'absent'
    await resumeLeaving(peerOf(before), stop.signal)
    expect(done).toEqual([])
    await resumeLeaving(peerOf(before), stop.signal)
    expect(done).toEqual(['removed'])
    expect(kept.size).toBe(0)
  }
})

test('of what failed on an open page the person hears, and it does not go some other day', async () => {
  const failed: unknown[] = []
  leave(peerOf(before), wish(), (error) => failed.push(error))
  failure = 'storage-full'
  await vi.advanceTimersByTimeAsync(undoMs)
  expect(failed).toMatchObject([{ code: 'storage-full' }])
  expect(kept.size).toBe(0)
  await resumeLeaving(peerOf(before), stop.signal)
  expect(done).toEqual([])
})

test('what a closed page wanted is tried again after a while where it fails, as on a full disk', async () => {
  kept.set(key, JSON.stringify([{ ...wish(), at: Date.now() - 60_000 }]))
  failure = 'storage-full'
  await resumeLeaving(peerOf(before), stop.signal)
  expect(done).toEqual([])
  await vi.advanceTimersByTimeAsync(5 * 60_000)
  expect(done).toEqual(['removed'])
  expect(kept.size).toBe(0)
})
