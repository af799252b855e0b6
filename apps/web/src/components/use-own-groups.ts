/**
 * Groups that one is in and takes part in: one that strangers made, and nobody known took up, is among the requests.
 *
 * @module
 */
import type { LiveReads } from '@effigy/peer'
import { useLive } from '@effigy/react'

type Groups = ReturnType<LiveReads['groups.list']>

export function useOwnGroups(): Groups {
  const groups = useLive('groups.list').value ?? []
  const open = useLive('conversations.openGroups').value ?? []
  return groups.filter(({ id, role }) => role !== 'former' && open.includes(id))
}
