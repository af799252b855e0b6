/** Who came with an invite is followed by whoever gave it: as often as it says, and nobody else (W8, W9). */
import { encodeBase64url, type Identity, type InviteCode, inviteTokenName, type Json } from '@effigy/core'
import { expect, test } from 'vitest'
import { testCrypto } from '../../test/world.ts'
import type { DropHandler, ReceivedDrop } from '../drops/drops.ts'
import { createArrivals } from './arrivals.ts'

const { sha256 } = testCrypto
const alice = 'did:key:alice' as Identity
const bob = 'did:key:bob' as Identity
const carol = 'did:key:carol' as Identity
const token = new Uint8Array(16).fill(3)
const name = inviteTokenName(token, sha256)
const day = 86_400_000

function world() {
  const followed: Identity[] = []
  const sent: { readonly to: unknown; readonly payload: Json }[] = []
  const values = new Map<string, Json>()
  let handler: DropHandler | null = null
  let now = 1_000
  let isFailing = false
  const arrivals = createArrivals({
    ...{ identity: alice, sha256, clock: { now: () => now } },
    state: {
      value: (key) => values.get(key) ?? null,
      values: (prefix = '') =>
        [...values]
          .filter(([key]) => key.startsWith(prefix))
          .map(([key, value]) => ({ key, value }) as never),
      async set(changes) {
        for (const [key, value] of changes) {
          if (value === null) values.delete(key)
          else values.set(key, value)
        }
      },
    },
    drops: {
      send: async (to, payload) => {
        sent.push({ to, payload })
        return { id: '' as never, nonce: '', size: 0, boxes: [] }
      },
      handle(_type, given) {
        handler = given
        return { [Symbol.dispose]: () => {} }
      },
    },
    isFollowed: (identity) => followed.includes(identity),
    async follow(identity) {
      if (isFailing) throw new Error('restored')
      followed.push(identity)
    },
  })
  const come = async (from: Identity, payload: ReceivedDrop['payload']): Promise<void> => {
    await handler?.({ from, payload } as ReceivedDrop, { signal: new AbortController().signal })
  }
  const later = (ms: number): void => {
    now += ms
  }
  const fail = (fails: boolean): void => {
    isFailing = fails
  }
  return { arrivals, followed, sent, values, come, later, fail }
}

const used = { type: 'invite-used', token: encodeBase64url(token) }

test('[W8] a greeting is the token, for the inviter alone', async () => {
  const { arrivals, sent } = world()
  await arrivals.greet({ token } as InviteCode, bob, new AbortController().signal)
  expect(sent).toEqual([{ to: bob, payload: used }])
})

test('[W9] one guest who says it again and again uses up nothing of what is meant for others', async () => {
  const { arrivals, followed, come } = world()
  await arrivals.expect(name, { until: 2_000, count: 2 })
  await Promise.all([come(bob, used), come(bob, used), come(bob, used)])
  await come(carol, used)
  expect(followed).toEqual([bob, carol])
})

test('[W9] whoever comes is followed, as often as the invite says, and no more', async () => {
  const { arrivals, followed, come, values } = world()
  await arrivals.expect(name, { until: 2_000, count: 2 })
  await Promise.all([come(bob, used), come(carol, used), come('did:key:dave' as Identity, used)])
  expect(followed).toEqual([bob, carol])
  expect(values.size).toBe(0)
})

test.for([
  ['no token', { type: 'invite-used' }],
  ['a number', { type: 'invite-used', token: 1 }],
  ['no base64url', { type: 'invite-used', token: '!' }],
  ['another token', { type: 'invite-used', token: encodeBase64url(new Uint8Array(16)) }],
  ['the name of the token, which the hub knows', { type: 'invite-used', token: name }],
  ['too much', { type: 'invite-used', token: encodeBase64url(new Uint8Array(17).fill(3)) }],
] as const)('[W9] %s leads nowhere', async ([_what, payload]) => {
  const { arrivals, followed, come, values } = world()
  await arrivals.expect(name, { until: 2_000, count: 1 })
  await come(bob, payload)
  expect(followed).toEqual([])
  expect(values.size).toBe(1)
})

test('[W9] nor does one of oneself, one that is long over, or one whose invite was never meant so', async () => {
  const { arrivals, followed, come, later, values } = world()
  await come(bob, used)
  await arrivals.expect(name, { until: 2_000, count: 1 })
  await come(alice, used)
  later(15 * day)
  await come(bob, used)
  expect(followed).toEqual([])
  values.set(`invite/${name}`, 'harm')
  await come(bob, used)
  expect(followed).toEqual([])
})

test('[W7] [W9] of an invite that was revoked nothing comes any more', async () => {
  const { arrivals, followed, come, values } = world()
  await arrivals.expect(name, { until: 2_000, count: 2 })
  await come(bob, used)
  await arrivals.forget(name)
  await come(carol, used)
  expect(followed).toEqual([bob])
  expect(values.size).toBe(0)
})

test('[W9] while nobody can be followed it waits, and counts nothing', async () => {
  const { arrivals, come, values, fail } = world()
  await arrivals.expect(name, { until: 2_000, count: 1 })
  fail(true)
  await expect(come(bob, used)).rejects.toThrow('restored')
  expect(values.size).toBe(1)
  fail(false)
  await come(bob, used)
  expect(values.size).toBe(0)
})

test('[W9] what is long over goes with the next invite', async () => {
  const { arrivals, values, later } = world()
  await arrivals.expect('old', { until: 2_000, count: 1 })
  later(10 * day)
  await arrivals.expect('newer', { until: 12 * day, count: 1 })
  expect([...values.keys()]).toEqual(['invite/old', 'invite/newer'])
  later(10 * day)
  await arrivals.expect('newest', { until: 30 * day, count: 1 })
  expect([...values.keys()]).toEqual(['invite/newer', 'invite/newest'])
})
