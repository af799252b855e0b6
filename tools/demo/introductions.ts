/**
 * How the people of the village get to know each other: they meet at the hub, follow each other, and make their groups.
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { Room } from './story/told.ts'
import { type Villager, type Villagers, villagerOf } from './villager.ts'

export interface MeetingPorts {
  readonly villagers: Villagers
  readonly hub: { readonly address: string; readonly identity: Identity }
  readonly signal: AbortSignal
}

/** Pictures of each other are for those who look at them; the hub has them. */
const entriesAlone = { depth: { type: 'all' }, blobs: { type: 'none' } } as const

/** Connects all of them, until it is disposed. */
export async function gather({ villagers, hub, signal }: MeetingPorts): Promise<AsyncDisposable> {
  const connections = Array.from(villagers.values(), ({ peer }) =>
    peer.connect(hub.address, { expect: hub.identity }),
  )
  const stack = new AsyncDisposableStack()
  for (const connection of connections) stack.use(connection)
  await Promise.all(connections.map((connection) => connection.ready(signal)))
  return stack
}

/** Everybody learns of everybody's account, then follows it: alone at home, where it costs nobody else anything. */
export async function introduce(ports: MeetingPorts): Promise<void> {
  const all = [...ports.villagers.values()]
  const known = await findAll(all, ports)
  for (const villager of all) {
    for (const other of known.get(villager) ?? [])
      await villager.peer.relate('follow', other, true, entriesAlone)
  }
}

async function findAll(
  all: readonly Villager[],
  ports: MeetingPorts,
): Promise<ReadonlyMap<Villager, readonly Identity[]>> {
  const { signal } = ports
  await using _met = await gather(ports)
  await Promise.all(all.map(({ peer }) => peer.settled(signal)))
  const found = all.map(async (villager) => {
    const others = all.filter((other) => other !== villager)
    return [villager, await Promise.all(others.map((other) => find(villager, other, signal)))] as const
  })
  return new Map(await Promise.all(found))
}

async function find({ peer, person }: Villager, other: Villager, signal: AbortSignal): Promise<Identity> {
  const { identity: synod, root } = other.account
  const known = root === null ? null : await peer.joining.findAccount({ synod, root }, { signal })
  if (known === null) throw new Error(`${person.name} cannot find ${other.person.name} at the hub`)
  return known
}

/** Makes the groups of those who are there; resolves with their ids once every member knows them. */
export async function foundGroups(
  rooms: readonly Room[],
  ports: MeetingPorts,
): Promise<ReadonlyMap<string, string>> {
  const { villagers, signal } = ports
  await using _met = await gather(ports)
  const groups = new Map<string, string>()
  for (const { id, by, name, about, members } of rooms) {
    if (!villagers.has(by)) continue
    const others = members.flatMap((key) => villagers.get(key) ?? [])
    const { peer } = villagerOf(villagers, by)
    const invited = others.map(({ account }) => ({ identity: account.identity }))
    const group = await peer.groups.create({ name, about, members: invited })
    groups.set(id, group)
    await Promise.all(others.map((other) => untilMember(other, group, signal)))
  }
  return groups
}

/** That a group is known and its key is here: nothing can be said in it before. */
async function untilMember({ peer }: Villager, group: string, signal: AbortSignal): Promise<void> {
  const isIn = (): boolean => peer.groups.show(group)?.role === 'member'
  for await (const isThere of peer.live(isIn, signal)) if (isThere) return
}
