/** Groups for whole-peer tests: people who know each other and meet at a hub. */
import type { Payload } from '@effigy/core'
import { authorityOf, hubOf } from './account-kit.ts'
import type { TestPeer, World } from './world.ts'

/** People with an account of one device each, who follow each other and meet at a hub. */
export async function circle(world: World, ...names: readonly string[]): Promise<readonly TestPeer[]> {
  const people = await Promise.all(names.map((name) => world.add(name)))
  for (const { peer, name } of people) await peer.account.create({ label: name, profile: { name } })
  await acquaint(world, people)
  return people
}

/** They meet at a hub, and follow each other's accounts. */
export async function acquaint(world: World, people: readonly TestPeer[]): Promise<TestPeer> {
  const hub = await hubOf(world, ...people)
  for (const one of people) {
    for (const other of people) if (one !== other) one.peer.watch(authorityOf(other).identity)
  }
  await world.until(() =>
    people.every((one) => people.every((other) => one.store.synods?.accountOf(other.identity) != null)),
  )
  for (const one of people) {
    for (const other of people) if (one !== other) await one.peer.relate('follow', other.identity, true)
  }
  return hub
}

export const note = (world: World, text: string): Payload =>
  ({ type: 'private_note', at: world.clock.now(), text }) as Payload

export const textsOf = ({ peer }: TestPeer, group: string): readonly string[] =>
  peer.groups.show(group) === null
    ? []
    : peer.groups.messages(group).map(({ payload }) => (payload as { text?: string }).text ?? '')

export const rollOf = ({ peer }: TestPeer, group: string): string =>
  (peer.groups.show(group)?.members ?? []).map(({ role }) => (role === 'admin' ? 'a' : 'm')).join('')
