/**
 * Groups as conversations (groups/groups.ts): who is in them, and how to answer there.
 *
 * @module
 */
import type { Payload } from '@effigy/core'
import type { OpenGroups } from '../groups/open-groups.ts'
import type { GroupPort } from './peer-conversations.ts'

export function groupPort({ api, doers }: Pick<OpenGroups, 'api' | 'doers'>, now: () => number): GroupPort {
  return {
    doers,
    ids: () => api.list().map(({ id }) => id),
    members: (group) =>
      api
        .show(group)
        ?.members.filter(({ isSelf }) => !isSelf)
        .map(({ identity, root }) => ({ identity, root })) ?? null,
    title: (group) => api.show(group)?.name ?? null,
    counts: api.counts,
    write: (group, note) => api.post(group, { type: 'private_note', at: now(), ...note } as Payload),
  }
}
