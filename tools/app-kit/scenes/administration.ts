/** Running the hub: coming in by the operator's link, and each of its pages with something on it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url } from '@effigy/core'
import { createHome, type NodePeer, openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { openFriend } from '../friend.ts'
import { onceFor } from '../once-for.ts'
import type { AppPerson } from '../person.ts'
import type { Scene } from '../scenes.ts'
import type { AppWorld } from '../world.ts'

/** Three members, of whom one reports another. They are gone again when it resolves; what the hub keeps of them stays. */
export async function fillHub(world: AppWorld): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-members-'))
  await using undo = new AsyncDisposableStack()
  undo.defer(() => rmSync(folder, { recursive: true, force: true }))
  const signal = AbortSignal.timeout(30_000)
  const peers: NodePeer[] = []
  for (const name of ['Ada', 'Bo <b>Bold</b>', 'ليلى حدّاد']) {
    const home = join(folder, String(peers.length))
    await createHome(home)
    const peer = undo.use(await openNodePeer({ home, clock: systemClock, log: silentLog, verifyThreads: 0 }))
    await peer.account.create({ label: 'laptop', profile: { name } })
    const box = encodeBase64url(peer.boxKey)
    await peer.publish({
      type: 'identification',
      at: Date.now(),
      name,
      about: '',
      avatar: null,
      hubs: [],
      box,
    })
    await peer.publish({ type: 'public_note', at: Date.now(), text: `I am ${name}.` })
    await peer.connect(world.url, { expect: world.hub.identity }).ready(signal)
    peers.push(peer)
  }
  await Promise.all(peers.map((peer) => peer.settled(signal)))
  const [ada, bo] = peers
  if (ada === undefined || bo === undefined) return
  const content = bo.query.timeline({ identities: [bo.identity] }).items[0]?.content ?? null
  const about = bo.identity
  const said = 'Writes this under everything I say, five times a day.'
  await ada.moderation.report(world.hub.identity, { about, content, reason: 'spam', text: said }, signal)
  const rude = { about, content: null, reason: 'abuse', text: '' } as const
  await ada.moderation.report(world.hub.identity, rude, signal)
}

/** A copy that is promised to somebody, and a message for somebody who is away. */
async function fillKept(world: AppWorld): Promise<void> {
  const signal = AbortSignal.timeout(30_000)
  await using bea = await openFriend(world, { name: 'Bea Winter' })
  {
    await using _dora = await openFriend(world, { name: 'Dora Reed' })
    await bea.meet('Dora Reed')
  }
  const word = { type: 'x-word', text: 'I sold you the blue bowl.' }
  await bea.peer.drops.send(await bea.meet('Dora Reed'), word, { signal })
  await bea.peer.leases.ask(world.hub.identity, { signal })
}

/** Where the operator's link leads: on the machine of the hub it is made for its own address. */
export async function operatorPath({ hub }: AppWorld): Promise<string> {
  const link = (await hub.administration?.createLink()) ?? ''
  const { pathname, hash } = new URL(link)
  return `${pathname}${hash}`
}

export async function comeIn({ page }: AppPerson, world: AppWorld): Promise<void> {
  await page.goto(new URL(await operatorPath(world), world.origin).href)
  await page.locator('main button').first().click()
  await page.getByRole('tablist').waitFor()
}

const tab =
  (at: number): Scene =>
  async (person, world) => {
    await onceFor(world, 'members', () => fillHub(world))
    await comeIn(person, world)
    await person.page.getByRole('tab').nth(at).click()
    await person.page.locator('main ul, main dl').first().waitFor()
  }

export const administrationScenes: Readonly<Record<string, Scene>> = {
  async 'admin-enter'({ page }, world) {
    await page.goto(new URL(await operatorPath(world), world.origin).href)
    await page.locator('main button').first().waitFor()
  },
  async 'admin-out'({ page }, world) {
    await page.goto(new URL('/admin/', world.origin).href)
    await page.locator('main code').waitFor()
  },
  'admin-overview': tab(0),
  'admin-people': tab(1),
  async 'admin-person'(person, world, browsers) {
    await tab(1)(person, world, browsers)
    await person.page.locator('main ul button').first().click()
    await person.page.locator('[role="dialog"] ul').nth(1).waitFor()
  },
  async 'admin-connections'(person, world) {
    world.use(await openFriend(world, { name: 'Bea Winter' }))
    await comeIn(person, world)
    await person.page.getByRole('tab').nth(2).click()
    await person.page.locator('main li').first().waitFor()
  },
  'admin-reports': tab(3),
  async 'admin-invites'(person, world) {
    await comeIn(person, world)
    await person.page.getByRole('tab').nth(4).click()
    await person.page.locator('main form button[type="submit"]').click()
    await person.page.locator('main form ~ * code').waitFor()
  },
  async 'admin-kept'(person, world) {
    await onceFor(world, 'kept', () => fillKept(world))
    await comeIn(person, world)
    await person.page.getByRole('tab').nth(5).click()
    for (const at of [0, 1]) await person.page.locator('main section').nth(at).locator('li').first().waitFor()
  },
  async 'admin-backups'(person, world) {
    await comeIn(person, world)
    await person.page.getByRole('tab').nth(6).click()
    await person.page.locator('main section button').click()
    await person.page.locator('main ul').waitFor()
  },
}
