/**
 * Groups as conversations (groups/groups.ts): who is in them, and how to answer there.
 *
 * @module
 */
import type { Payload } from '@effigy/core'
import type { PeerGroups } from '../groups/groups.ts'
import type { GroupPort } from './peer-conversations.ts'

export function groupPort(groups: PeerGroups, now: () => number): GroupPort {
  return {
    members: (group) =>
      groups
        .show(group)
        ?.members.filter(({ isSelf }) => !isSelf)
        .map(({ identity, root }) => ({ identity, root })) ?? null,
    title: (group) => groups.show(group)?.name ?? null,
    counts: groups.counts,
    write: (group, note) => groups.post(group, { type: 'private_note', at: now(), ...note } as Payload),
  }
}
