/**
 * Two weeks of a village in a few seconds: each act is done when it is said to have been.
 *
 *     acts, the oldest first ─clock set to it▶ villager.ts ─▶ remembered by its name for those who answer
 *
 * @module
 */
import type { Reference } from '@effigy/core'
import type { Act, TimedAct } from './acts.ts'
import type { VillageClock } from './village-clock.ts'
import {
  edit,
  namesOf,
  react,
  say,
  showAlbum,
  type VillagerPorts,
  type Villagers,
  villagerOf,
} from './villager.ts'

export interface TellingPorts extends VillagerPorts {
  readonly clock: VillageClock
  readonly villagers: Villagers
  /** Ids of groups by their names in the story. */
  readonly groups: ReadonlyMap<string, string>
}

/** The clock stands at the last of them when it resolves. Rejects with the signal's reason. */
export async function tell(acts: readonly TimedAct[], ports: TellingPorts): Promise<void> {
  const said = new Map<string, Reference>()
  for (const act of acts) {
    ports.signal.throwIfAborted()
    ports.clock.set(act.at)
    await perform(act, said, ports)
  }
}

/** What answers something that is gone is left out. */
export async function perform(act: Act, said: Map<string, Reference>, ports: TellingPorts): Promise<void> {
  const { villagers, groups, clock } = ports
  const villager = villagerOf(villagers, act.by)
  const named = namesOf(villagers)
  const known = (id: string | null): Reference | null => (id === null ? null : (said.get(id) ?? null))
  switch (act.type) {
    case 'say': {
      const target = known(act.to)
      if (act.to !== null && target === null) return
      const { told } = act
      said.set(act.id, await say(villager, { told, target, thread: known(act.thread), named }, ports))
      return
    }
    case 'react': {
      const target = known(act.to)
      if (target !== null) await react(villager, target, act.label, clock)
      return
    }
    case 'edit': {
      const what = known(act.what)
      if (what !== null) said.set(act.what, await edit(villager, what, act.text, named))
      return
    }
    case 'erase': {
      const what = known(act.what)
      if (what !== null) await villager.peer.erase([what.content])
      said.delete(act.what)
      return
    }
    case 'album':
      return showAlbum(villager, act.album, ports)
    case 'group': {
      const group = groups.get(act.group)
      if (group === undefined) return
      await villager.peer.groups.post(group, { type: 'private_note', at: clock.now(), text: act.text })
      return
    }
    case 'write': {
      const to = act.to.map((key) => villagerOf(villagers, key).account.identity)
      await villager.peer.conversations.write(to, { text: act.text })
      return
    }
  }
}
