import { type Payload, type RawCid, rawCidOfDigest, utf8 } from '@effigy/core'
import { expect, test } from 'vitest'
import { note, openViewsWorld, sha, stance } from '../../test/views-world.ts'

test('[S20] an item says whether it is here, encrypted, or at fault', () => {
  const texts = new Map<RawCid, Uint8Array>()
  using world = openViewsWorld({ block: (cid) => texts.get(cid) ?? null })
  const a = world.person(1)
  const state = ({ cid }: { cid: RawCid }) => world.views.item(cid)?.state
  expect(state(world.add(a, note('inline')))).toMatchObject({ type: 'shown', payload: { text: 'inline' } })
  expect(state(world.add(a, null, { text: 'age:AAAA' }))).toEqual({ type: 'encrypted' })
  expect(state(world.add(a, null, { text: 'box:AAAA' }))).toEqual({ type: 'encrypted' })
  expect(state(world.add(a, null, { text: 'hello' }))).toEqual({ type: 'fault', code: 'payload-kind' })
  expect(state(world.add(a, null, { text: '{"type":"public_note"}' }))).toEqual({
    type: 'fault',
    code: 'payload-schema',
  })
  const block = utf8(JSON.stringify({ ...note('in a block'), salt: 'A'.repeat(22) }))
  const cid = rawCidOfDigest(sha(block))
  const detached = world.add(a, null, { text: cid })
  world.db.run('update entries set content = (select ? ) where id = ?', sha(block), detached.id)
  expect(state(detached)).toEqual({ type: 'missing' })
  texts.set(cid, block)
  expect(state(detached)).toMatchObject({ type: 'shown', payload: { text: 'in a block' } })
  world.db.run('insert into bodies (entry, bytes) values (?, ?)', detached.id, utf8('\xff'))
  expect(state(detached)).toMatchObject({ type: 'fault' })
})

test('[S20] one feed is listed as it stands in its chain, newest first', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const entries = [note('one'), stance('follow', world.person(2)), note('three')].map((payload) =>
    world.add(a, payload),
  )
  const page = world.views.feedItems(a, { limit: 2 })
  const rest = world.views.feedItems(a, { limit: 2, after: page.next })
  expect([...page.items, ...rest.items].map(({ cid }) => cid)).toEqual(
    entries.map(({ cid }) => cid).reverse(),
  )
  expect(rest.next).toBeNull()
})

test("[S20] types of the protocol and apps' own are listed by type", () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const move = world.add(a, { type: 'x-chess', at: 1, move: 'e4' } as unknown as Payload)
  const one = world.add(a, note('one'))
  expect(world.views.byType('x-chess').items.map(({ cid }) => cid)).toEqual([move.cid])
  expect(world.views.byType('public_note').items.map(({ cid }) => cid)).toEqual([one.cid])
  expect(world.views.byType('x-none').items).toEqual([])
})

test('[S20] what the peer opened is projected at once, and again by a rebuild', async () => {
  using world = openViewsWorld()
  const [me, other] = [world.person(1), world.person(2)]
  world.views.setSelf(me)
  world.add(other, note('theirs'))
  const secret = world.add(me, null, { text: 'age:AAAA' })
  const letter = world.add(other, null, { text: 'age:BBBB' })
  expect(world.views.timeline().items).toHaveLength(1)
  const payload = { type: 'private_note', at: 1, text: 'psst', to: [] }
  expect(world.views.rememberOpened(other, letter.content, JSON.stringify(payload))).toBe(true)
  expect(world.views.byType('private_note').items.map(({ cid }) => cid)).toEqual([letter.cid])
  expect(world.views.timeline().items.map(({ cid }) => cid)).not.toContain(letter.cid)
  expect(world.views.rememberOpened(me, secret.content, JSON.stringify(stance('mute', other)))).toBe(true)
  expect(world.views.timeline().items).toHaveLength(0)
  await world.views.rebuildViews({ signal: new AbortController().signal })
  expect(world.views.relations(me, 'mute')).toEqual([other])
  expect(world.views.byType('mute').items).toHaveLength(1)
  expect(world.views.item(letter.cid)?.state).toMatchObject({ type: 'shown', payload: { text: 'psst' } })
})

test('[T27] who copies a ciphertext does not become the author of what is in it', () => {
  using world = openViewsWorld()
  const [a, thief] = [world.person(1), world.person(2)]
  const original = world.add(a, null, { text: 'age:AAAA' })
  const copy = world.add(thief, null, { text: 'age:AAAA' })
  world.views.rememberOpened(
    a,
    original.content,
    JSON.stringify({ type: 'private_note', at: 1, text: 'psst' }),
  )
  expect(world.views.item(copy.cid)?.state).toEqual({ type: 'encrypted' })
  expect(world.views.byType('private_note').items.map(({ cid }) => cid)).toEqual([original.cid])
})

test('[P9] a plaintext goes with the last bytes that held it', () => {
  using world = openViewsWorld()
  const a = world.person(1)
  const letters = [world.add(a, null, { text: 'age:AAAA' }), world.add(a, null, { text: 'age:AAAA' })]
  const [first, second] = letters.map(({ id }) => id)
  world.views.rememberOpened(
    a,
    letters[0]!.content,
    JSON.stringify({ type: 'private_note', at: 1, text: 'psst' }),
  )
  const count = () => world.db.first('select count(*) as count from opened')
  world.drop(first as number)
  expect(count()).toEqual({ count: 1 })
  expect(world.views.byType('private_note').items).toHaveLength(1)
  world.drop(second as number)
  expect(count()).toEqual({ count: 0 })
})

test('[F8] a mute that was opened acts only once its entry is verified', () => {
  using world = openViewsWorld()
  const [me, other] = [world.person(1), world.person(2)]
  const secret = world.add(me, null, { text: 'age:AAAA', verified: false })
  world.views.rememberOpened(me, secret.content, JSON.stringify(stance('mute', other)))
  expect(world.views.relations(me, 'mute')).toEqual([])
})

test('[S20] what is no payload is not remembered', () => {
  using world = openViewsWorld()
  const me = world.person(1)
  const secret = world.add(me, null, { text: 'age:AAAA' })
  for (const text of ['', '{', '[]', '{"type":"mute"}', 'age:AAAA']) {
    expect(world.views.rememberOpened(me, secret.content, text)).toBe(false)
  }
})
