/**
 * Which group is meant, and how groups are told.
 *
 *     "Book club", "k3j9x2…" ─findGroup▶ GroupView ─groupJson▶ one stable object
 *
 * @module
 */
import type { GroupView, Peer } from '@effigy/peer'
import { minShortLength } from '../../arguments.ts'
import { failure } from '../../failure.ts'
import { createNames } from '../../item-view.ts'
import { calmLine } from '../../terminal-text.ts'

/** Candidates that an error lists. */
const maxCandidates = 4

/** Everything that is here is opened first. Throws `group-unknown`, `group-ambiguous`. */
export async function findGroup(peer: Peer, typed: string): Promise<GroupView> {
  await peer.groups.settled()
  const groups = peer.groups.list()
  const byName = groups.filter(({ name }) => name === typed)
  const byId = typed.length < minShortLength ? [] : groups.filter(({ id }) => id.startsWith(typed))
  const found = byId.length > 0 ? byId : byName
  const [first, second] = found
  if (first === undefined) throw failure('group-unknown', calmLine(typed))
  if (second !== undefined) {
    const names = found.slice(0, maxCandidates).map(({ id }) => id)
    throw failure('group-ambiguous', calmLine(typed), names.join(', '))
  }
  return first
}

/** The object of `--json` for a group; fields are only ever added. */
export function groupJson(
  peer: Peer,
  { id, name, about, history, role, waiting, members }: GroupView,
): object {
  const names = createNames(peer)
  const readers = peer.groups.readers(id)
  return {
    group: id,
    ...{ name, about, history, role, waiting },
    members: members.map(({ identity, root, role: theirs, isSelf, isHeir }) => {
      const reader = readers.find((each) => (each.root ?? each.identity) === (root ?? identity))
      return {
        identity,
        account: root,
        name: names.nameOf(identity),
        role: theirs,
        self: isSelf,
        heir: isHeir,
        devices: reader?.devices ?? null,
        hasKey: reader?.hasKey ?? false,
      }
    }),
  }
}
