/** Devices are linked by a code: shown on either side, signed here or over the network, never without both persons. */

import { identityOfKey, signMember } from '@effigy/core'
import type { AccountLink } from '@effigy/peer'
import type { Link } from '@effigy/sync'
import { testSeed } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { household, meet, members } from './account-kit.ts'
import { createWorld, never, note, type TestPeer, testCrypto, texts, type World } from './world.ts'

const codeOf = (code: string) => expect.objectContaining({ code })
const at = ({ name }: TestPeer) => ({ places: [`memory://${name}`] })

async function compared(world: World, ...links: readonly AccountLink[]): Promise<void> {
  await world.until(() => links.every(({ state }) => state.type === 'comparing'))
  const shown = links.map(({ state }) =>
    state.type === 'comparing' ? state.emoji.map(({ emoji }) => emoji).join(' ') : '',
  )
  expect(new Set(shown).size).toBe(1)
}

/** Both persons see the same and say so. */
async function confirm(world: World, ...links: readonly AccountLink[]): Promise<void> {
  await compared(world, ...links)
  for (const link of links) link.decide(true)
}

/** Closes instead of sending one frame more. */
function cutAfter(link: Link, frames: number): void {
  const send = link.send.bind(link)
  let sent = 0
  link.send = (frame) => {
    if (sent++ < frames) send(frame)
    else link.close()
  }
}

const late = (world: World): Promise<null> =>
  new Promise((resolve) => {
    world.clock.after(130_000, () => resolve(null))
  })

async function alone(world: World): Promise<readonly [TestPeer, TestPeer]> {
  const [laptop, phone] = [await world.add('laptop'), await world.add('phone')]
  await laptop.peer.account.create({ label: 'laptop' })
  return [laptop, phone]
}

describe('linking', () => {
  test('the main device shows a code: the other is linked, and its history flows to the end', async () => {
    await using world = createWorld()
    const [laptop, phone] = await alone(world)
    await Promise.all(Array.from({ length: 300 }, (_, index) => laptop.peer.publish(note(`${index}`))))
    await phone.vault.replace({ ...phone.vault.read()!, phrase: 'made with the home' })
    const shown = laptop.peer.account.showLink(at(laptop))
    const read = phone.peer.account.readLink(shown.text!, { label: 'phone' })
    await confirm(world, shown, read)
    const outcomes = await world.turn(Promise.all([shown.outcome, read.outcome]))
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true])
    expect(members(phone)).toEqual(['laptop (main)', 'phone'])
    expect(phone.peer.account.show()?.role).toBe('linked')
    expect(phone.vault.read()?.phrase).toBeNull()

    const steps: number[] = []
    const flowing = (async () => {
      for await (const { done, total } of phone.peer.account.history(never)) steps.push(done / total)
    })()
    await world.turn(flowing)
    expect(steps.at(-1)).toBe(1)
    expect(texts(phone.store, laptop.identity)).toHaveLength(300)
    await phone.peer.publish(note('back'))
    await world.until(() => texts(laptop.store, phone.identity).includes('back'))
  })

  test('the new device shows the code, the main one reads it', async () => {
    await using world = createWorld()
    const [laptop, phone] = await alone(world)
    const shown = phone.peer.account.showLink({ ...at(phone), label: 'phone' })
    const read = laptop.peer.account.readLink(shown.text!)
    await confirm(world, shown, read)
    await world.turn(Promise.all([shown.outcome, read.outcome]))
    expect(members(phone)).toEqual(['laptop (main)', 'phone'])
    await world.until(() => phone.peer.status().sessions.length === 1)
    await laptop.peer.account.set({ labels: [[phone.identity, 'old phone']] })
    await world.until(() => members(phone)[1] === 'old phone')
  })

  test('[T15] shown on a linked device, the main one signs over the network once a person grants it there', async () => {
    await using world = createWorld()
    const [laptop, tablet] = (await household(world, 'laptop', 'tablet')) as [TestPeer, TestPeer]
    const phone = await world.add('phone')
    const shown = tablet.peer.account.showLink(at(tablet))
    const read = phone.peer.account.readLink(shown.text!, { label: 'phone' })
    await confirm(world, shown, read)
    const asked = laptop.peer.account.requests(never)[Symbol.asyncIterator]()
    await asked.next()
    const { value } = await world.turn(asked.next())
    expect(value).toMatchObject([
      { type: 'join', identity: phone.identity, label: 'phone', via: tablet.identity },
    ])
    await world.until(() => read.state.type === 'asking' && read.state.stage === 'waiting-for-person')
    expect(members(tablet)).toHaveLength(2)
    await laptop.peer.account.grant(value![0]!.id)
    const outcomes = await world.turn(Promise.all([shown.outcome, read.outcome]))
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true])
    await world.until(() => [laptop, tablet, phone].every((device) => members(device).length === 3))
    await phone.peer.publish(note('hello'))
    await world.until(() => texts(laptop.store, phone.identity).includes('hello'))
  })

  test('[T15] [T16] a stolen linked device lists nobody who did not ask, and floods nobody', async () => {
    await using world = createWorld()
    const [laptop, tablet] = (await household(world, 'laptop', 'tablet')) as [TestPeer, TestPeer]
    const root = laptop.peer.account.show()!.root
    const ask = (member: readonly unknown[]) =>
      tablet.peer.call(laptop.identity, 'account', 'admit', { member } as never, { signal: never })
    const member = async (name: string, label = name) => {
      const signer = await testCrypto.signer(testSeed(name))
      const offer = { identity: identityOfKey(signer.publicKey), box: 'A'.repeat(43), label, serial: 3 }
      return signMember(root, offer, signer)
    }
    const good = await member('phone')
    const codes: unknown[] = []
    for (const bad of [
      [...good.slice(0, 4), (await member('other'))[4]],
      [...good.slice(0, 4), 'A'],
      await member('phone', 'x'.repeat(25)),
      await member('phone', '\u202egood'),
      [],
    ]) {
      const answer = await world.turn(ask(bad))
      codes.push(answer.ok ? 'ok' : answer.error.code)
    }
    expect(codes).toEqual(['member-invalid', 'bad-value', 'bad-value', 'bad-value', 'bad-value'])
    for (let index = 0; index < 6; index++) void ask(await member(`phone ${index}`)).catch(() => {})
    const asked = laptop.peer.account.requests(never)[Symbol.asyncIterator]()
    let listed = (await asked.next()).value
    while (listed!.length < 4) listed = (await world.turn(asked.next())).value
    await world.pass(2_000)
    expect(listed).toHaveLength(4)
    expect(members(laptop)).toHaveLength(2)
  })

  test('denied at the main device, both hear it, and nothing has changed', async () => {
    await using world = createWorld()
    const [laptop, tablet] = (await household(world, 'laptop', 'tablet')) as [TestPeer, TestPeer]
    const phone = await world.add('phone')
    const shown = tablet.peer.account.showLink(at(tablet))
    const read = phone.peer.account.readLink(shown.text!)
    await confirm(world, shown, read)
    const asked = laptop.peer.account.requests(never)[Symbol.asyncIterator]()
    await asked.next()
    const { value } = await world.turn(asked.next())
    laptop.peer.account.deny(value![0]!.id)
    const outcomes = await world.turn(Promise.all([shown.outcome, read.outcome]))
    expect(outcomes).toMatchObject([{ error: { code: 'denied' } }, { error: { code: 'denied' } }])
    expect(phone.peer.account.show()).toBeNull()
    expect(members(laptop)).toHaveLength(2)
    await phone.peer.account.create()
  })

  test('other emoji, or taken back: both are as before, and the code is void', async () => {
    await using world = createWorld()
    const [laptop, phone] = await alone(world)
    for (const end of ['pairing-mismatch', 'pairing-cancelled'] as const) {
      const shown = laptop.peer.account.showLink(at(laptop))
      const read = phone.peer.account.readLink(shown.text!)
      await compared(world, shown, read)
      if (end === 'pairing-mismatch') read.decide(false)
      else shown.cancel()
      const outcomes = await world.turn(Promise.all([shown.outcome, read.outcome]))
      expect(outcomes).toMatchObject([{ error: { code: end } }, { error: { code: end } }])
      expect(() => phone.peer.account.readLink(shown.text!)).toThrow(codeOf('code-used'))
    }
    expect(members(laptop)).toHaveLength(1)
    expect(phone.peer.account.show()).toBeNull()
    await phone.peer.publish(note('free as before'))
  })

  test('[L14] taken back when the account has listed the device: too late, and said so; it leaves like any other', async () => {
    await using world = createWorld()
    const [laptop, phone] = await alone(world)
    const shown = laptop.peer.account.showLink(at(laptop))
    const read = phone.peer.account.readLink(shown.text!, { label: 'phone' })
    await confirm(world, shown, read)
    await world.until(() => members(laptop).length === 2)
    expect(() => shown.cancel()).toThrow(codeOf('link-listed'))
    await world.turn(Promise.all([shown.outcome, read.outcome]))
    expect(() => read.cancel()).toThrow(codeOf('link-listed'))
    await phone.peer.publish(note('linked all the same'))
    const leaving = phone.peer.account.leave({ signal: never })
    const asked = laptop.peer.account.requests(never)[Symbol.asyncIterator]()
    let request = (await asked.next()).value![0]
    while (request === undefined) request = (await world.turn(asked.next())).value![0]
    await laptop.peer.account.grant(request.id)
    await world.turn(leaving)
    expect(members(laptop)).toEqual(['laptop (main)'])
  })

  test('[L14] cut before both knew: the device that the account took off its list again goes on as before', async () => {
    const ways = new Set<string>()
    for (let cutAt = 4; cutAt < 14; cutAt++) {
      await using world = createWorld()
      const laptop = await world.add('laptop')
      await laptop.peer.account.create({ label: 'laptop' })
      let dialled = 0
      const phone = await world.add('phone', {
        dial: async () => {
          const [ours, theirs] = world.network.pair('phone', 'laptop')
          void laptop.peer.accept(theirs)
          if (dialled++ === 0) cutAfter(ours, cutAt)
          return ours
        },
      })
      await phone.peer.publish(note('before'))
      const shown = laptop.peer.account.showLink(at(laptop))
      const read = phone.peer.account.readLink(shown.text!, { label: 'phone' })
      const show = async (link: AccountLink): Promise<void> => {
        for await (const { type } of link.states(never)) if (type === 'comparing') link.decide(true)
      }
      void Promise.all([show(shown), show(read)])
      const ended = await world.turn(Promise.race([read.outcome, late(world)]))
      if (ended === null || ended.ok) continue
      await world.turn(shown.outcome)
      ways.add(ended.error.uncertain === null ? 'known' : 'uncertain')
      await meet(world, phone, laptop)
      await world.pass(3_000)
      expect(members(laptop)).toEqual(['laptop (main)'])
      expect(phone.peer.account.show()).toBeNull()
      await phone.peer.publish(note('after'))
      expect(texts(phone.store, phone.identity)).toEqual(['after', 'before'])
    }
    expect(ways).toEqual(new Set(['known', 'uncertain']))
  })

  test('[T15] each wrong code has its own word', async () => {
    await using world = createWorld()
    const [laptop, phone] = await alone(world)
    const read = (text: string) => () => phone.peer.account.readLink(text)
    expect(read('https://example.com')).toThrow(codeOf('code-foreign'))
    expect(read('effigy-invite-1-abc')).toThrow(codeOf('code-invite'))
    const shown = laptop.peer.account.showLink(at(laptop))
    expect(read(shown.text!.slice(0, -3))).toThrow(codeOf('code-damaged'))
    expect(() => laptop.peer.account.readLink(shown.text!)).toThrow(codeOf('pairing-self'))
    const other = await world.add('other')
    expect(read(other.peer.account.showLink(at(other)).text!)).toThrow(codeOf('pairing-neither-linked'))
    await other.peer.account.create()
    expect(() => other.peer.account.readLink(shown.text!)).toThrow(codeOf('pairing-both-linked'))
    world.clock.jump(3 * 60_000)
    expect(read(shown.text!)).toThrow(codeOf('code-expired'))
    expect(() => phone.peer.account.showLink({ label: 'x'.repeat(30) })).toThrow(codeOf('link-label'))
    expect(() => phone.peer.account.showLink({ places: ['nowhere'] })).toThrow(codeOf('link-place'))
  })

  test('while a code is shown everybody else is served as ever', async () => {
    await using world = createWorld()
    const [laptop, phone] = await alone(world)
    const shown = laptop.peer.account.showLink(at(laptop))
    const friend = await world.add('friend')
    await laptop.peer.publish(note('for all'))
    await friend.peer.relate('follow', laptop.identity, true)
    await meet(world, friend, laptop)
    await world.until(() => texts(friend.store, laptop.identity).length === 1)
    shown.cancel()
    await meet(world, phone, laptop)
  })
})
