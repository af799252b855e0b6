/** The words take an account back: from a loss, onto an empty device, out of a thief's hands. */
import { encodeBase64url, identityOfKey, parseBase64url, signEntry, signHead, signMember } from '@effigy/core'
import { writeHeads } from '@effigy/sync'
import { testSigner } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { authorityOf, household, hubOf, link, meet, members } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, texts } from './world.ts'

const codeOf = (code: string) => expect.objectContaining({ code })
const hourMs = 60 * 60 * 1000
const signal = never

describe('move', () => {
  test('a lost main device is replaced by a linked one, which has the words typed', async () => {
    await using world = createWorld()
    const [laptop, phone, tablet] = (await household(world, 'laptop', 'phone', 'tablet')) as [
      TestPeer,
      TestPeer,
      TestPeer,
    ]
    const phrase = laptop.peer.account.phrase()!
    await laptop.peer.publish(note('before the loss'))
    await world.until(() => texts(phone.store, laptop.identity).length === 1)
    const root = authorityOf(laptop).root
    const { identity: lost } = laptop
    await laptop.stop()
    await meet(world, tablet, phone)
    await expect(phone.peer.account.move({ phrase: 'no words', signal })).rejects.toThrow(
      codeOf('phrase-invalid'),
    )
    const other =
      'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
    await expect(world.turn(phone.peer.account.move({ phrase: other, signal }))).rejects.toThrow(
      codeOf('wrong-phrase'),
    )
    expect(await world.turn(phone.peer.account.move({ phrase, signal }))).toBe(root)
    expect(phone.peer.account.show()).toMatchObject({ role: 'main', phraseConfirmed: true, disputed: false })
    expect(phone.peer.account.show()!.moves).toHaveLength(1)
    expect(members(phone)).toEqual(['phone (main)', 'tablet'])
    expect(phone.vault.read()?.synod?.n).toBe(1)
    expect(phone.peer.account.show()?.profile?.name).toBe('Alice')
    await world.until(() => members(tablet)[0] === 'phone (main)')
    expect(texts(phone.store, lost)).toEqual(['before the loss'])
    // It goes on as before.
    await phone.peer.account.set({ profile: { name: 'Alice anew' } })
    await world.until(() => tablet.peer.account.show()?.profile?.name === 'Alice anew')
    // The old one, found again, hears that it is out.
    const again = await world.add('laptop')
    await meet(world, again, phone)
    await world.until(() => again.peer.account.show()?.role === 'revoked')
    await expect(again.peer.account.set({ profile: { name: 'x' } })).rejects.toThrow(codeOf('revoked'))
  })

  test('[Y18] restored on an empty device from the words alone, over a hub; new words from then on', async () => {
    await using world = createWorld()
    const laptop = await world.add('laptop')
    const root = await laptop.peer.account.create({ label: 'laptop' })
    const phrase = laptop.peer.account.phrase()!
    await laptop.peer.publish(note('kept by the hub'))
    const noisy = await world.add('noisy')
    await laptop.peer.relate('mute', noisy.identity, true)
    const hub = await hubOf(world, laptop)
    await world.turn(laptop.peer.settled(never))
    await laptop.stop()

    const alone = await world.add('alone')
    await expect(world.turn(alone.peer.account.move({ phrase, signal }))).rejects.toThrow(
      codeOf('account-not-found'),
    )
    const fresh = await world.add('fresh')
    await meet(world, fresh, hub)
    const newPhrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
    const moving = fresh.peer.account.move({ phrase, newPhrase, label: 'new phone', signal })
    expect(await world.turn(moving)).toBe(root)
    expect(members(fresh)).toEqual(['new phone (main)'])
    expect(fresh.peer.account.phrase()).toBe(newPhrase)
    await world.until(() => texts(fresh.store, laptop.identity).includes('kept by the hub'))
    // What was sealed to the account is read with its words, though no other device is left to ask.
    await world.until(() => fresh.store.relations(fresh.identity, 'mute').includes(noisy.identity))
    await fresh.peer.publish(note('and on'))
    await world.turn(fresh.peer.settled(never))

    // The old words are worth nothing now, the new ones move it again.
    const later = await world.add('later')
    await meet(world, later, hub)
    await expect(world.turn(later.peer.account.move({ phrase, signal }))).rejects.toThrow(
      codeOf('wrong-phrase'),
    )
    await world.turn(later.peer.account.move({ phrase: newPhrase, keep: [fresh.identity], signal }))
    expect(members(later)).toEqual(['this device (main)', 'new phone'])
    await world.until(() => fresh.peer.account.show()?.role === 'linked', 60_000)
    expect(fresh.peer.account.show()?.handingTo).toBeNull()
  })

  test('[Y12] restored where nobody knew what a device wrote: what others tell later is offered, and taken in', async () => {
    await using world = createWorld()
    const [laptop] = (await household(world, 'laptop')) as [TestPeer]
    const phrase = laptop.peer.account.phrase()!
    const { identity: key } = authorityOf(laptop)
    await laptop.peer.publish(note('first'))
    await laptop.peer.publish(note('second'))
    const [near, far] = [await world.add('near'), await world.add('far')]
    near.peer.watch(key)
    far.peer.watch(laptop.identity)
    await meet(world, laptop, near)
    await meet(world, laptop, far)
    await world.until(() => near.store.feed(key)?.record != null)
    await world.until(() => texts(far.store, laptop.identity).length === 2)
    await laptop.stop()

    const fresh = await world.add('fresh')
    await meet(world, fresh, near)
    await world.turn(fresh.peer.account.move({ phrase, signal }))
    const frozen = () => fresh.peer.account.show()?.frozen[0]
    expect(frozen()).toEqual({ identity: laptop.identity, label: 'laptop', held: null, told: null })
    await meet(world, fresh, far)
    await world.until(() => frozen()?.told != null)
    const { told } = frozen()!
    expect(told?.slice(0, 2)).toEqual([1, 2])
    expect(texts(fresh.store, laptop.identity)).toEqual([])
    await fresh.peer.account.revoke(laptop.identity, { final: told })
    await world.until(() => texts(fresh.store, laptop.identity).length === 2)
    expect(fresh.peer.account.show()).toMatchObject({ frozen: [], revoked: [{ identity: laptop.identity }] })
  })

  test('[T26] a thief with the main device revokes, adds and writes: all of it is undone', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const mallory = await world.add('mallory')
    const phrase = laptop.peer.account.phrase()!
    await phone.peer.publish(note('mine'))
    await world.until(() => texts(laptop.store, phone.identity).length === 1)
    await world.clock.advance(hourMs)
    const lostAt = world.clock.now()
    await world.clock.advance(hourMs)
    await link(world, laptop, mallory)
    await laptop.peer.account.revoke(phone.identity, { final: null })
    await laptop.peer.account.set({ profile: { name: 'Mallory' } })
    await world.until(() => phone.peer.account.show()?.role === 'revoked')
    await expect(phone.peer.publish(note('x'))).rejects.toThrow(codeOf('revoked'))

    const moving = phone.peer.account.move({
      phrase,
      keep: [],
      revoke: [[laptop.identity, { final: null }]],
      lostAt,
      profile: { name: 'Alice' },
      signal,
    })
    await world.turn(moving)
    expect(members(phone)).toEqual(['phone (main)'])
    expect(phone.peer.account.show()).toMatchObject({ role: 'main', profile: { name: 'Alice' } })
    await phone.peer.publish(note('back'))
    expect(texts(phone.store, phone.identity)).toEqual(['back', 'mine'])
    await world.until(() => laptop.peer.account.show()?.role === 'revoked')
    expect(phone.store.synods?.standing(mallory.identity).type).not.toBe('member')
  })

  test('[T26] a time of loss takes back who a thief added, whom he revoked, and what he said', async () => {
    await using world = createWorld()
    const [laptop, phone, tablet] = (await household(world, 'laptop', 'phone', 'tablet')) as [
      TestPeer,
      TestPeer,
      TestPeer,
    ]
    const mallory = await world.add('mallory')
    const phrase = laptop.peer.account.phrase()!
    await meet(world, tablet, phone)
    await tablet.peer.publish(note('mine'))
    await world.until(() => texts(phone.store, tablet.identity).length === 1)
    await world.clock.advance(hourMs)
    const lostAt = world.clock.now()
    await world.clock.advance(hourMs)
    await link(world, laptop, mallory)
    await laptop.peer.account.revoke(tablet.identity, { final: null })
    await laptop.peer.account.set({ profile: { name: 'Mallory' } })
    await world.until(() => texts(phone.store, tablet.identity).length === 0)

    await world.turn(phone.peer.account.move({ phrase, lostAt, signal }))
    expect(members(phone)).toEqual(['phone (main)', 'tablet'])
    expect(phone.peer.account.show()?.profile?.name).toBe('Alice')
    expect(phone.store.synods?.standing(mallory.identity).type).not.toBe('member')
    expect(texts(phone.store, tablet.identity)).toEqual(['mine'])
  })

  test('[Y16] [T26] the lost main device is not asked when its thief was seen', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const phrase = laptop.peer.account.phrase()!
    await world.clock.advance(hourMs)
    const lostAt = world.clock.now()
    await world.clock.advance(hourMs)
    await laptop.peer.account.set({ profile: { name: 'Mallory' } })
    await world.until(() => phone.peer.account.show()?.profile?.name === 'Mallory')
    await world.clock.advance(hourMs)
    // What it wrote just now, as if seen long ago.
    const key = authorityOf(laptop).identity
    const heads = encodeBase64url(writeHeads([laptop.store.feed(key)!.record!]))
    laptop.store.saveSetting(`account-seen/${key}`, JSON.stringify([[1], heads]))
    await laptop.stop()
    const thief = await world.add('laptop')
    await meet(world, phone, thief)
    await world.clock.advance(1_000)
    const asked = await world.turn(phone.peer.account.finalFor(key, lostAt))
    expect(asked.own?.head).toBe(authorityOf(phone).current?.cid)

    await world.turn(phone.peer.account.move({ phrase, lostAt, signal }))
    expect(phone.peer.account.show()?.profile?.name).toBe('Alice')
  })

  test('[T26] a thief who filled every list stands in nobody’s way', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const phrase = laptop.peer.account.phrase()!
    await laptop.peer.publish(note('mine'))
    await world.until(() => texts(phone.store, laptop.identity).length === 1)
    const { identity: key, current, root } = authorityOf(laptop)
    const { state, length, cid: parent } = current!
    const signer = await testCrypto.signer(parseBase64url(laptop.vault.read()!.synod!.key)!)
    const added = await Promise.all(
      Array.from({ length: 22 }, async (_, index) => {
        const device = await testSigner(`thief ${index}`)
        const offer = { identity: identityOfKey(device.publicKey), box: state.next, label: 'x', serial: 3 }
        return signMember(root, offer, device)
      }),
    )
    const gone = Array.from(
      { length: 24 },
      (_, index) => [identityOfKey(new Uint8Array(32).fill(index + 1)), null] as const,
    )
    const full = { ...state, identities: [...state.identities, ...added], revoked: gone }
    const place = { identity: key, length: length + 1, comparable: world.clock.now() }
    const draft = { ...place, parent, synod: null, links: [], payload: JSON.stringify(full) }
    const entry = await signEntry(draft, signer, testCrypto.sha256)
    const head = { ...place, epoch: 1, bytes: entry.bytes.length, head: entry.cid }
    laptop.store.appendOwn([{ entry, body: null }], await signHead(head, signer))
    await world.until(() => members(phone).length === 24)

    await world.turn(phone.peer.account.move({ phrase, keep: [], signal }))
    expect(members(phone)).toEqual(['phone (main)'])
    expect(phone.peer.account.show()!.revoked.map(({ identity }) => identity)).toContain(laptop.identity)
  })

  test('[Y20] [T26] what a stolen device told of sealed texts gives way to what they say, once the words are typed', async () => {
    await using world = createWorld()
    const [laptop, phone] = (await household(world, 'laptop', 'phone')) as [TestPeer, TestPeer]
    const phrase = laptop.peer.account.phrase()!
    await laptop.peer.state.set([['petname/x', 'Ada']])
    await world.until(() => phone.peer.state.value('petname/x') === 'Ada')
    const sealed = [...phone.store.chain(laptop.identity)].at(-1)!
    const lie = { type: 'device_state', at: 1, changes: [['petname/x', 'Mallory']] }
    phone.store.rememberOpened(laptop.identity, sealed.content, JSON.stringify(lie))
    expect(phone.peer.state.value('petname/x')).toBe('Mallory')
    await laptop.stop()
    await world.turn(phone.peer.account.move({ phrase, signal }))
    await world.until(() => phone.peer.state.value('petname/x') === 'Ada')
  })
})
