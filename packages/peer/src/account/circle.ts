/**
 * How this device stands to others, with accounts in mind (spec V1, Y13).
 *
 *     device of my account ─▶ own      somebody whom I follow ─▶ contact      who follows me too ─▶ friend
 *
 * Who follows an account follows its members; a device that was revoked, or let go, is a stranger.
 *
 * @module
 */
import type { Account, Identity, Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import type { Trust } from '@effigy/sync'
import { blockedOf } from './blocked.ts'
import type { OwnAccount } from './own-account.ts'

export interface Stances {
  readonly identities: ReadonlySet<Identity>
  readonly roots: ReadonlySet<Root>
}

/** Answers of the moment: who asks often keeps them until the views change. */
export interface Circle {
  followed(): Stances
  /** Everybody of those accounts. */
  blocked(): ReadonlySet<Identity>
  trust(remote: Identity, followed: Stances): Trust
  /** Devices of friends, and the other own ones: to whom a hub tells that this one is there. */
  friends(followed: Stances): readonly Identity[]
}

const all = Number.MAX_SAFE_INTEGER

export function createCircle(
  store: Pick<Store, 'follows' | 'persons' | 'relates' | 'synods'>,
  self: Identity,
  own: OwnAccount,
): Circle {
  const { synods } = store

  function isMeant(remote: Identity, { identities, roots }: Stances): boolean {
    if (identities.has(remote)) return true
    const root = roots.size === 0 ? null : (synods?.accountOf(remote) ?? null)
    return root !== null && roots.has(root) && synods?.standing(remote).type === 'member'
  }

  function followsUs(remote: Identity): boolean {
    // What they say of others is not read: they may be thousands who follow thousands.
    const isNamed = (root: Root | null): boolean => store.relates(remote, 'follow', { identity: self, root })
    const root = own.root()
    return isNamed(null) || (root !== null && isNamed(root))
  }

  function trust(remote: Identity, followed: Stances): Trust {
    if (own.isSibling(remote)) return 'own'
    if (!isMeant(remote, followed)) return 'stranger'
    return followsUs(remote) ? 'friend' : 'contact'
  }

  return {
    followed: () => stancesOf(store.follows(self, all)),
    blocked: () => blockedOf(store, self).identities,
    trust,
    friends(followed) {
      const known = new Set(followed.identities)
      for (const root of [...followed.roots, own.root()]) {
        const standings = root === null ? undefined : synods?.account(root)?.standings
        for (const device of standings?.keys() ?? []) known.add(device)
      }
      // Whoever is blocked follows us all the same, and may be followed from before.
      for (const device of [self, ...blockedOf(store, self).identities]) known.delete(device)
      return [...known].filter((device) => {
        const kind = trust(device, followed)
        return kind === 'friend' || kind === 'own'
      })
    },
  }
}

/** An account that is named by its root is meant as a whole, whatever identity stands beside it. */
function stancesOf(accounts: readonly Account[]): Stances {
  return {
    identities: new Set(accounts.flatMap(({ identity, root }) => (root === null ? [identity] : []))),
    roots: new Set(accounts.flatMap(({ root }) => root ?? [])),
  }
}
