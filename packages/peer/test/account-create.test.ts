/** An account is made, shown, changed; its devices are one person, and hold each other's feeds. */
import { type Entry, mainDevice, parsePhrase } from '@effigy/core'
import { describe, expect, test } from 'vitest'
import { authorityOf, confirmPhrase, ids, link, meet, members } from './account-kit.ts'
import { createWorld, never, note, soundChain, texts } from './world.ts'

const phrase = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'

const codeOf = (code: string) => expect.objectContaining({ code })

describe('create', () => {
  test('makes the first state, keeps key and words, and says that it is not theft-proof yet', async () => {
    await using world = createWorld()
    const laptop = await world.add('laptop')
    expect(laptop.peer.account.show()).toBeNull()
    const root = await laptop.peer.account.create({ label: 'laptop', profile: { name: 'Alice' } })
    const view = laptop.peer.account.show()
    expect(view).toMatchObject({
      root,
      role: 'main',
      members: [{ identity: laptop.identity, label: 'laptop', isMain: true, isSelf: true }],
      revoked: [],
      moves: [],
      disputed: false,
      profile: { name: 'Alice' },
      phraseConfirmed: false,
      handingTo: null,
    })
    expect(soundChain(laptop.store, view!.identity)).toHaveLength(1)
    expect(parsePhrase(laptop.peer.account.phrase() ?? '').ok).toBe(true)
    await confirmPhrase(laptop.peer.account)
    expect(laptop.peer.account.show()?.phraseConfirmed).toBe(true)
    expect(laptop.peer.account.phrase()).toBeNull()
    expect(laptop.vault.read()?.synod?.n).toBe(0)
    expect(JSON.stringify(laptop.logged)).not.toContain(laptop.vault.read()!.synod!.key)
  })

  test('[O4] that the words were written down is told at once, though no entry says so', async () => {
    await using world = createWorld()
    const laptop = await world.add('laptop')
    await laptop.peer.account.create({ label: 'laptop', profile: { name: 'Alice' } })
    const stop = new AbortController()
    const told = laptop.peer.live(() => laptop.peer.account.show()?.phraseConfirmed, stop.signal)
    const answers = told[Symbol.asyncIterator]()
    expect((await answers.next()).value).toBe(false)
    const later = answers.next()
    await confirmPhrase(laptop.peer.account)
    expect((await world.turn(later)).value).toBe(true)
    stop.abort()
  })

  test('equal words make equal roots; a second account is refused, wrong words too', async () => {
    await using world = createWorld()
    const [a, b] = [await world.add('a'), await world.add('b')]
    const account = a.peer.account
    await expect(account.create({ phrase: 'one two three' })).rejects.toThrow(codeOf('phrase-invalid'))
    const root = await account.create({ phrase })
    await expect(account.create()).rejects.toThrow(codeOf('has-account'))
    expect(await b.peer.account.create({ phrase: phrase.toUpperCase() })).toBe(root)
  })

  test('a creation that was cut off between vault and store goes on with the same words', async () => {
    await using world = createWorld()
    const laptop = await world.add('laptop')
    const { store } = laptop
    const failing = {
      ...store,
      appendOwn: () => {
        throw new Error('killed')
      },
    }
    await laptop.stop()
    const cut = await world.add('laptop', { store: failing })
    await expect(cut.peer.account.create()).rejects.toThrow('killed')
    const kept = cut.vault.read()
    expect(kept?.synod).not.toBeNull()
    await cut.stop()
    const again = await world.add('laptop', { store })
    expect(again.peer.account.show()).toBeNull()
    await again.peer.account.create()
    expect(again.vault.read()).toEqual(kept)
    expect(again.peer.account.show()?.role).toBe('main')
  })

  test("[E5] from then on each entry names the state that counts; the synod's own entries name none", async () => {
    await using world = createWorld()
    const laptop = await world.add('laptop')
    const { peer, store } = laptop
    const synodOf = (cid: Parameters<typeof store.entry>[0]): Entry['synod'] =>
      store.entry(cid)!.signed.entry.synod
    expect(synodOf((await peer.publish(note('before'))).cid)).toBeNull()
    await peer.account.create()
    const { identity, current } = authorityOf(laptop)
    expect(synodOf((await peer.publish(note('after'))).cid)).toEqual([identity, current!.cid])
    await peer.account.set({ profile: { name: 'Alice' } })
    const next = authorityOf(laptop).current!
    expect(next.length).toBe(2)
    expect(synodOf((await peer.publish(note('later'))).cid)).toEqual([identity, next.cid])
    expect(synodOf(next.cid)).toBeNull()
  })
})

describe('set', () => {
  test('changes profile and labels, and refuses what leaves no room (Y9)', async () => {
    await using world = createWorld()
    const laptop = await world.add('laptop')
    const { account } = laptop.peer
    await expect(account.set({ profile: { name: 'x' } })).rejects.toThrow(codeOf('no-account'))
    await account.create()
    await account.set({ profile: { name: 'Alice', about: 'here' }, labels: [[laptop.identity, 'desk']] })
    expect(account.show()).toMatchObject({ profile: { name: 'Alice', about: 'here' } })
    expect(members(laptop)).toEqual(['desk (main)'])
    const about = 'x'.repeat(1_000_000)
    await expect(account.set({ profile: { about } })).rejects.toThrow(EffigyFault)
    expect(account.show()?.profile?.about).toBe('here')
    await Promise.all(['a', 'b', 'c'].map((name) => account.set({ profile: { name } })))
    soundChain(laptop.store, account.show()!.identity)
  })
})

const EffigyFault = expect.objectContaining({ name: 'EffigyError' })

describe('devices of one account', () => {
  test('are linked, told, one person, and hold all of each other', async () => {
    await using world = createWorld()
    const [laptop, phone] = [await world.add('laptop'), await world.add('phone')]
    await laptop.peer.publish(note('from the laptop'))
    await laptop.peer.account.create({ label: 'laptop' })
    const told: string[] = []
    void (async () => {
      for await (const { change } of laptop.peer.account.changes(never)) told.push(change.type)
    })()
    await link(world, laptop, phone)
    expect(members(laptop)).toEqual(['laptop (main)', 'phone'])
    expect(members(phone)).toEqual(['laptop (main)', 'phone'])
    expect(phone.peer.account.show()).toMatchObject({ role: 'linked', phraseConfirmed: null })
    await phone.peer.publish(note('from the phone'))
    await world.until(() => texts(laptop.store, phone.identity).includes('from the phone'))
    await world.until(() => texts(phone.store, laptop.identity).includes('from the laptop'))
    expect(told).toEqual(['joined'])
    await expect(phone.peer.account.set({ labels: [] })).resolves.toBeUndefined()
    await expect(phone.peer.account.set({ profile: {} })).rejects.toThrow(codeOf('not-main'))
    await expect(phone.peer.relate('block', laptop.identity, true)).rejects.toThrow(codeOf('own-identity'))
    const entry = phone.store.entry(phone.store.feed(phone.identity)!.record!.head.head)!.signed.entry
    expect(entry.synod?.[0]).toBe(authorityOf(laptop).identity)
    // After a restart all is as before.
    await phone.stop()
    const again = await world.add('phone')
    expect(members(again)).toEqual(['laptop (main)', 'phone'])
    expect(mainDevice(authorityOf(again).current!.state)?.[0]).toBe(laptop.identity)
    expect(ids([again])).toEqual(ids([phone]))
  })

  test('what happened while nobody listened is told to the first who does, once', async () => {
    await using world = createWorld()
    const [laptop, phone] = [await world.add('laptop'), await world.add('phone')]
    await laptop.peer.account.create()
    await link(world, laptop, phone)
    await laptop.stop()
    const again = await world.add('laptop')
    const first = again.peer.account.changes(never)[Symbol.asyncIterator]()
    expect((await world.turn(first.next())).value).toMatchObject({ own: true, change: { type: 'joined' } })
    // Whoever asks for the next has done with it.
    const more = first.next()
    await again.stop()
    expect((await world.turn(more)).done).toBe(true)
    const last = await world.add('laptop')
    const stop = new AbortController()
    const later = last.peer.account.changes(stop.signal)[Symbol.asyncIterator]()
    const next = later.next()
    stop.abort()
    expect((await world.turn(next)).done).toBe(true)
    await meet(world, last, phone)
  })

  test('[Y14] killed with a piece of news in hand: it is told again', async () => {
    await using world = createWorld()
    const [laptop, phone] = [await world.add('laptop'), await world.add('phone')]
    await laptop.peer.account.create()
    const listening = laptop.peer.account.changes(never)[Symbol.asyncIterator]()
    const first = listening.next()
    await link(world, laptop, phone)
    expect((await world.turn(first)).value).toMatchObject({ change: { type: 'joined' } })
    await laptop.stop()
    const again = await world.add('laptop')
    const told = again.peer.account.changes(never)[Symbol.asyncIterator]()
    expect((await world.turn(told.next())).value).toMatchObject({ change: { type: 'joined' } })
    void told.next()
    // Another one hears what is new alone.
    const other = again.peer.account.changes(never)[Symbol.asyncIterator]()
    const next = other.next()
    await again.peer.account.revoke(phone.identity, { final: null })
    expect((await world.turn(next)).value).toMatchObject({ change: { type: 'revoked' } })
  })
})
