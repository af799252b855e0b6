/** Invites of a hub: counted once, whatever happens between (W1, W3-W7). */
import { createHash } from 'node:crypto'
import {
  type Identity,
  type InviteClaim,
  type InviteCode,
  inviteCheck,
  inviteTokenName,
  type Signer,
  signInvite,
  writeInviteBody,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { silentLog } from '@effigy/sync'
import { createFakeClock, testSigner } from '@effigy/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { testIdentity } from '../../test/fake-peer.ts'
import { openMirror } from '../admin/mirror.ts'
import { openEmbeddedStore } from '../ports/embedded-store.ts'
import type { HubBucket } from '../ports/hub-store.ts'
import { createGuests, parseGuest } from './guests.ts'
import { createInvites, maxGood, memberInviteMs, memberUses } from './invites.ts'

const [hub, alice, bob, carol, dave] = (await Promise.all(
  ['hub', 'alice', 'bob', 'carol', 'dave'].map(testIdentity),
)) as [Identity, Identity, Identity, Identity, Identity]
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const { verify } = createNodeCrypto()
const hourMs = 3_600_000

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function world({
  isFull = (): boolean => false,
  wrap = (bucket: HubBucket, _name: string) => bucket,
} = {}) {
  const clock = createFakeClock()
  const records = openEmbeddedStore({ path: ':memory:', clock, log: silentLog })
  const stop = new AbortController()
  closing.push(async () => {
    stop.abort()
    await records[Symbol.asyncDispose]()
  })
  const bucket = (name: string): HubBucket => wrap(records.bucket(name), name)
  let signatures = 0
  /** As after a start. */
  async function start() {
    const mirror = await openMirror({
      ...{ bucket: bucket('guests'), parse: parseGuest, log: silentLog, name: 'guests', signal: stop.signal },
    })
    const guests = createGuests(mirror)
    const invites = createInvites({
      ...{
        invites: bucket('invites'),
        inviters: bucket('inviters'),
        guests,
        self: hub,
        sha256,
        keepsGuests: true,
        isFull,
        clock,
      },
      async isSigned(invite) {
        signatures++
        return (await verify([inviteCheck(invite)]))[0] === true
      },
    })
    return { guests, invites }
  }
  let tokens = 0
  /** As a member makes it. */
  async function invite(
    { invites }: Awaited<ReturnType<typeof start>>,
    change: Partial<InviteClaim> = {},
    by = 'alice',
  ): Promise<InviteCode> {
    const token = new Uint8Array(16).fill(++tokens)
    const from = await testIdentity(by)
    const asked = { token: inviteTokenName(token, sha256), until: clock.now() + hourMs, count: 1, ...change }
    const granted = await invites.create(from, {
      token: asked.token as string,
      until: asked.until,
      count: asked.count,
    })
    if (!granted.ok) throw new Error(granted.error.code)
    return signed({ from, token, ...granted.value }, by)
  }
  return { clock, records, start, invite, signatures: () => signatures }
}

async function signed(claim: Partial<InviteClaim>, by: string): Promise<InviteCode> {
  const signer: Signer = await testSigner(by)
  const base = { name: 'Alice', account: null, hub, url: 'wss://hub.example/effigy/1', count: 1, until: 0 }
  return signInvite({ ...base, from: alice, token: new Uint8Array(16), ...claim }, signer)
}

describe('redeeming', () => {
  test('[W5] lets in as many as it is for, each counted once', async () => {
    const { start, invite, clock } = await world()
    const running = await start()
    const body = writeInviteBody(await invite(running, { count: 2 }))
    const told = []
    for (const who of [bob, bob, carol, dave, bob]) told.push((await running.invites.redeem(who, body))?.code)
    expect(told).toEqual([undefined, undefined, undefined, 'invite-used', undefined])
    expect([bob, carol, dave].map((one) => running.guests.get(one) !== null)).toEqual([true, true, false])
    expect(running.guests.get(bob)).toMatchObject({ from: alice, at: clock.now() })
    // Who came may show it again when it is long over.
    await clock.advance(2 * hourMs)
    expect(await running.invites.redeem(carol, body)).toBeNull()
    expect((await running.invites.redeem(dave, body))?.code).toBe('invite-expired')
  })

  test('[W6] whom the operator removed an invite lets in no more, good, revoked or expired; another one does', async () => {
    const { start, invite, clock } = await world()
    const running = await start()
    const [first, second] = [await invite(running, { count: 3 }), await invite(running)]
    const bodies = [writeInviteBody(first), writeInviteBody(second)] as const
    const show = async (at: 0 | 1, who = bob) => (await running.invites.redeem(who, bodies[at]))?.code ?? 'in'
    const remove = async () => {
      const guest = running.guests.get(bob)
      expect(await running.invites.shutOut(guest?.by ?? '', bob)).toBeNull()
      await running.guests.forget(bob)
    }
    expect([await show(0), await show(0, carol)]).toEqual(['in', 'in'])
    await remove()
    expect([await show(0), await show(0, carol), await show(0, dave)]).toEqual(['invite-revoked', 'in', 'in'])
    expect(await show(1)).toBe('in')
    await remove()
    const token = inviteTokenName(first.token, sha256)
    await running.invites.revoke(token, null)
    await clock.advance(2 * hourMs)
    const after = await start()
    for (const body of bodies) expect((await after.invites.redeem(bob, body))?.code).toBe('invite-revoked')
    expect((await after.invites.list(alice)).map(({ used }) => used)).toEqual([[bob], [bob, carol, dave]])
  })

  test('[W5] [T16] a crowd that comes at once gets as many places as there are', async () => {
    const { start, invite } = await world()
    const running = await start()
    const body = writeInviteBody(await invite(running, { count: 3 }))
    const crowd = await Promise.all(Array.from({ length: 8 }, (_, n) => testIdentity(`guest ${n}`)))
    const told = await Promise.all([...crowd, ...crowd].map((who) => running.invites.redeem(who, body)))
    const inside = crowd.filter((one) => running.guests.get(one) !== null)
    expect(inside).toHaveLength(3)
    expect(told.filter((refusal) => refusal === null)).toHaveLength(6)
    expect(new Set(told.map((refusal) => refusal?.code))).toEqual(new Set([undefined, 'invite-used']))
    expect((await running.invites.list(alice))[0]?.used.toSorted()).toEqual(inside.toSorted())
  })

  test('[W5] [T6] stopped at any write, the place is neither lost nor given twice', async () => {
    for (let stopAt = 0; stopAt < 3; stopAt++) {
      let writes = 0
      let isDown = false
      const { start, invite } = await world({
        wrap: (bucket) => ({
          ...bucket,
          get: bucket.get,
          list: bucket.list,
          watch: bucket.watch,
          delete: bucket.delete,
          async put(key, value, options) {
            if (isDown && writes++ === stopAt) throw new Error('killed')
            return bucket.put(key, value, options)
          },
        }),
      })
      const before = await start()
      const body = writeInviteBody(await invite(before))
      isDown = true
      await before.invites.redeem(bob, body).catch(() => {})
      isDown = false
      const after = await start()
      const first = (await after.invites.redeem(stopAt === 0 ? bob : carol, body))?.code
      // Before anything was written the place is free; from then on it is Bob's.
      expect(first).toBe(stopAt === 0 ? undefined : 'invite-used')
      expect(await after.invites.redeem(bob, body)).toBeNull()
      expect(after.guests.get(bob)).not.toBeNull()
      expect((await after.invites.list(alice))[0]?.used).toEqual([bob])
    }
  })

  test('[W4] each wrong one is refused for its own reason', async () => {
    const { start, invite, clock, signatures } = await world()
    const running = await start()
    const good = await invite(running)
    const show = async (code: InviteCode | Uint8Array) =>
      (await running.invites.redeem(bob, code instanceof Uint8Array ? code : writeInviteBody(code)))?.code
    expect(await show(new Uint8Array(300))).toBe('invite-damaged')
    expect(await show(await signed({ ...good, hub: carol }, 'alice'))).toBe('invite-foreign')
    expect(await show(await signed({ ...good, token: new Uint8Array(16) }, 'alice'))).toBe('invite-unknown')
    // Whoever guesses costs no signature.
    expect(signatures()).toBe(0)
    expect(await show({ ...good, name: 'Alicia' })).toBe('invite-altered')
    expect(await show(await signed({ ...good, from: carol }, 'carol'))).toBe('invite-altered')
    expect(await show(await signed({ ...good, count: 5 }, 'alice'))).toBe('invite-altered')
    expect(await show(await signed({ ...good, until: good.until + 1 }, 'alice'))).toBe('invite-altered')
    await running.invites.revoke(inviteTokenName(good.token, sha256), alice)
    expect(await show(good)).toBe('invite-revoked')
    const late = await invite(running)
    await clock.advance(hourMs)
    expect(await show(late)).toBe('invite-expired')
    await clock.advance(31 * 24 * hourMs)
    expect(await show(late)).toBe('invite-unknown')
  })

  test('[W4] a hub that is full says so before it counts', async () => {
    let isFull = true
    const { start, invite } = await world({ isFull: () => isFull })
    const running = await start()
    const body = writeInviteBody(await invite(running))
    expect((await running.invites.redeem(bob, body))?.code).toBe('hub-full')
    isFull = false
    expect(await running.invites.redeem(carol, body)).toBeNull()
  })

  test('[W1] what the hub signed needs no record; what says so and is not signed is refused', async () => {
    const { start, clock } = await world()
    const running = await start()
    const own = { from: hub, token: new Uint8Array(16).fill(99), until: clock.now() + hourMs, count: 1 }
    const forged = writeInviteBody(await signed(own, 'alice'))
    expect((await running.invites.redeem(bob, forged))?.code).toBe('invite-altered')
    const body = writeInviteBody(await signed(own, 'hub'))
    const told = await Promise.all([bob, carol].map((who) => running.invites.redeem(who, body)))
    expect(told.map((refusal) => refusal?.code).toSorted()).toEqual(['invite-used', undefined])
    const huge = writeInviteBody(
      await signed({ ...own, token: new Uint8Array(16).fill(98), count: 1_001 }, 'hub'),
    )
    expect((await running.invites.redeem(bob, huge))?.code).toBe('invite-unknown')
  })

  test('[W1] no token is kept', async () => {
    const { start, invite, records } = await world()
    const running = await start()
    const made = await invite(running)
    await running.invites.redeem(bob, writeInviteBody(made))
    const all = []
    for (const name of ['invites', 'inviters', 'guests']) {
      all.push(...(await records.bucket(name).list({ limit: 100 })).records)
    }
    const text = JSON.stringify(all)
    expect(text).not.toContain(Buffer.from(made.token).toString('base64url'))
    expect(text).toContain(inviteTokenName(made.token, sha256))
  })
})

describe('making', () => {
  test('[W7] not more, nor for longer, than members may', async () => {
    const { start, invite, clock } = await world()
    const running = await start()
    const made = await invite(running, { count: 1_000_000, until: clock.now() + 10 * memberInviteMs })
    expect([made.count, made.until]).toEqual([memberUses, clock.now() + memberInviteMs])
    const token = inviteTokenName(made.token, sha256)
    for (const wrong of [{ until: clock.now() }, { count: 0 }, { token: 'x' }, { token }]) {
      const asked = { token: inviteTokenName(new Uint8Array(16), sha256), until: clock.now() + 1, count: 1 }
      expect(await running.invites.create(bob, { ...asked, ...wrong })).toMatchObject({
        error: { code: 'bad-value' },
      })
    }
  })

  test('[W7] [T16] few that are good at once, and the newest of all that were', async () => {
    const { start, invite, clock } = await world()
    const running = await start()
    for (let n = 0; n < maxGood; n++) await invite(running)
    await expect(invite(running)).rejects.toThrow('too-many')
    await clock.advance(hourMs)
    for (let n = 0; n < maxGood; n++) await invite(running)
    await clock.advance(hourMs)
    const last = await invite(running)
    const listed = await running.invites.list(alice)
    expect(listed).toHaveLength(64)
    expect(listed[0]?.token).toBe(inviteTokenName(last.token, sha256))
    expect((await running.invites.page(null, 100)).invites).toHaveLength(64)
  })

  test('[W7] members see and revoke their own alone, the operator all', async () => {
    const { start, invite } = await world()
    const running = await start()
    const token = inviteTokenName((await invite(running)).token, sha256)
    await invite(running, {}, 'bob')
    expect(await running.invites.list(bob)).toMatchObject([{ from: bob }])
    expect((await running.invites.revoke(token, bob))?.code).toBe('invite-unknown')
    expect(await running.invites.revoke(token, null)).toBeNull()
    expect(await running.invites.list(alice)).toMatchObject([{ token, revoked: true }])
    expect((await running.invites.page(null, 10)).invites).toHaveLength(2)
  })

  test('[W1] one in the hub’s own name is listed and revoked like any other', async () => {
    const { start, clock } = await world()
    const running = await start()
    const code = await signed(
      { from: hub, token: new Uint8Array(16).fill(97), until: clock.now() + hourMs, count: 1 },
      'hub',
    )
    const token = inviteTokenName(code.token, sha256)
    await running.invites.remember(token, code)
    expect(await running.invites.list(hub)).toMatchObject([{ token, count: 1 }])
    await running.invites.revoke(token, null)
    expect((await running.invites.redeem(bob, writeInviteBody(code)))?.code).toBe('invite-revoked')
  })

  test('[W7] [W5] [T16] what the hub signed stays used and revoked, whichever names a member puts onto their list', async () => {
    const { start, clock, records } = await world()
    const { invites } = await start()
    const until = clock.now() + memberInviteMs
    const names: string[] = []
    const bodies: Uint8Array[] = []
    for (const id of [95, 96]) {
      const code = await signed({ from: hub, token: new Uint8Array(16).fill(id), until, count: 1 }, 'hub')
      names.push(inviteTokenName(code.token, sha256))
      bodies.push(writeInviteBody(code))
      await invites.remember(names.at(-1) as string, code)
      expect(await invites.redeem(bob, bodies.at(-1) as Uint8Array)).toBeNull()
    }
    const [used, revoked] = names as [string, string]
    await invites.revoke(revoked, null)
    for (const token of names) {
      const asked = { token, until: clock.now() + hourMs, count: 1 }
      expect(await invites.create(bob, asked)).toMatchObject({ error: { code: 'bad-value' } })
    }
    expect(await records.bucket('inviters').get(bob)).toBeNull()
    // As an earlier version left it.
    await records.bucket('inviters').put(bob, JSON.stringify(names))
    for (let n = 0; n < 64; n++) {
      const token = inviteTokenName(new Uint8Array(16).fill(100 + n), sha256)
      const made = await invites.create(bob, { token, until: clock.now() + hourMs, count: 1 })
      expect([made.ok, await invites.revoke(token, bob)]).toEqual([true, null])
    }
    expect(await records.bucket('inviters').get(bob)).not.toMatchObject({
      value: expect.stringContaining(used),
    })
    expect((await invites.page(null, 100)).invites).toHaveLength(66)
    const told = await Promise.all(bodies.map(async (body) => (await invites.redeem(carol, body))?.code))
    expect(told).toEqual(['invite-used', 'invite-revoked'])
  })
})
