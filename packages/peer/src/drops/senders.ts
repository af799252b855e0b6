/**
 * Whose drops come first here: those whom we follow, with all their devices, and our own (spec V21, V41).
 *
 *     follows, own account ─▶ list ─▶ each box (`friends`)      since when they are on it ─▶ V27
 *
 * @module
 */
import { concatBytes, type Identity, identityKey } from '@effigy/core'
import type { TakenDrops } from '@effigy/store'
import { defaultDropLimits } from '@effigy/sync'
import type { DropPorts } from './ports.ts'

export interface Senders {
  /** As it is now. */
  list(): ReadonlySet<Identity>
  /** What one call tells a box of it: 32 bytes each. Equal until it changes. */
  keys(): Uint8Array
  /** Follows, blocks or accounts may have changed. */
  changed(): void
}

export function createSenders(
  { store, own, circle, identity, clock }: DropPorts,
  { name }: Pick<TakenDrops, 'name'>,
): Senders {
  let isCurrent = false
  let senders: ReadonlySet<Identity> = new Set()
  let keys: Uint8Array = new Uint8Array(0)

  function ask(): ReadonlySet<Identity> {
    const { identities, roots } = circle.followed()
    const authority = own.standing().type === 'member' ? own.authority() : null
    const accounts = [authority, ...[...roots].map((root) => store.synods?.account(root) ?? null)]
    const devices = accounts.flatMap((account) =>
      [...(account?.standings ?? [])].flatMap(([device, { type }]) => (type === 'member' ? [device] : [])),
    )
    const all = new Set([...devices, ...identities])
    all.delete(identity)
    for (const blocked of circle.blocked()) all.delete(blocked)
    return new Set([...all].slice(0, defaultDropLimits.listedFriends))
  }

  function update(): void {
    if (isCurrent) return
    const now = ask()
    isCurrent = true
    if (now.size === senders.size && [...now].every((one) => senders.has(one))) return
    name(now, clock.now())
    senders = now
    keys = concatBytes(...[...now].sort().map(identityKey))
  }

  return {
    list() {
      update()
      return senders
    },
    keys() {
      update()
      return keys
    },
    changed() {
      isCurrent = false
    },
  }
}
