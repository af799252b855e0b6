/**
 * This device's own account as the store knows it: which one, what this device is to it (spec Y6, E5).
 *
 *     store.synods ─▶ verdict ─▶ role, members, `synod` of each entry
 *
 * @module
 */
import {
  type Authority,
  type Entry,
  finalOfHead,
  type Identity,
  mainDevice,
  type ProvenState,
  type Root,
  type Standing,
  type SynodProfile,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import type { AccountRole, AccountView, FrozenDevice } from './account.ts'
import { isDoubted } from './branches.ts'
import type { Keyring } from './keyring.ts'

export interface OwnAccount {
  /** Null: this device belongs, and belonged, to none. */
  root(): Root | null
  authority(): Authority | null
  standing(): Standing
  role(): AccountRole | null
  /** What each entry of this device says of its account (E5). */
  reference(): Entry['synod']
  /** A device of the same account, as this one is. */
  isSibling(identity: Identity): boolean
  view(): AccountView | null
}

export function openOwnAccount(
  store: Pick<Store, 'synods' | 'feed'>,
  identity: Identity,
  keyring: Pick<Keyring, 'synod' | 'phrase'>,
): OwnAccount {
  const root = (): Root | null => store.synods?.accountOf(identity) ?? null
  const standing = (): Standing => store.synods?.standing(identity) ?? { type: 'foreign' }

  function authority(): Authority | null {
    const own = root()
    return own === null ? null : (store.synods?.account(own) ?? null)
  }

  function role(): AccountRole | null {
    const { type } = standing()
    if (type === 'frozen') return type
    const verdict = type === 'member' || type === 'revoked' ? authority() : null
    if (verdict === null) return null
    // While two speak for the account, one of them alone takes nobody out (Y14).
    if (type === 'revoked') return isDoubted(verdict, store, identity) ? 'frozen' : type
    const isFirst = verdict.current !== null && mainDevice(verdict.current.state)?.[0] === identity
    const hasKey = keyring.synod?.identity === verdict.identity
    // Who has handed over has the key until the other said that it has it, and is not the first any more.
    if (isFirst) return hasKey ? 'main' : 'main-without-key'
    return 'linked'
  }

  /** By the newest state that listed it. */
  function formerLabel(gone: Identity, { root, keys, states }: Authority): string {
    const labelIn = ({ state }: ProvenState) => state.identities.find(([device]) => device === gone)?.[2]
    const newest = (store.synods?.states(root) ?? [])
      .filter((proven) => states.get(proven.cid) !== 'refused' && labelIn(proven) !== undefined)
      .sort((a, b) => keys.indexOf(b.identity) - keys.indexOf(a.identity) || b.length - a.length)[0]
    return newest === undefined ? '' : (labelIn(newest) ?? '')
  }

  function frozen(gone: Identity, verdict: Authority): FrozenDevice {
    const held = store.feed(gone)?.record?.head ?? null
    const told = store.synods?.beyond(gone) ?? null
    return {
      identity: gone,
      label: formerLabel(gone, verdict),
      held: held === null ? null : finalOfHead(held),
      told: told === null ? null : finalOfHead(told),
    }
  }

  return {
    root,
    authority,
    standing,
    role,
    reference() {
      if (standing().type !== 'member') return null
      const verdict = authority()
      const current = verdict?.current ?? null
      return verdict === null || current === null ? null : [verdict.identity, current.cid]
    },
    isSibling(other) {
      if (other === identity || standing().type !== 'member') return false
      return authority()?.standings.get(other)?.type === 'member'
    },
    view() {
      const verdict = authority()
      const own = role()
      if (verdict === null || own === null) return null
      const state = verdict.current?.state ?? null
      const main = state === null ? null : (mainDevice(state)?.[0] ?? null)
      const isHolder = keyring.synod?.identity === verdict.identity
      return {
        root: verdict.root,
        identity: verdict.identity,
        role: own,
        members: (state?.identities ?? []).map(([member, , label]) => ({
          identity: member,
          label,
          isMain: member === main,
          isSelf: member === identity,
        })),
        revoked: (state?.revoked ?? []).map(([gone, final]) => ({ identity: gone, final })),
        frozen: [...verdict.standings].flatMap(([gone, { type }]) =>
          type === 'frozen' ? [frozen(gone, verdict)] : [],
        ),
        moves: verdict.moves,
        disputed: verdict.disputed,
        profile: state === null ? null : profileOf(state),
        phraseConfirmed: isHolder ? keyring.phrase === null : null,
        handingTo: isHolder && own === 'linked' ? main : null,
      }
    },
  }
}

/** These five fields alone. */
export function profileOf({ name, about, avatar, hubs, dropboxes }: SynodProfile): SynodProfile {
  return { name, about, avatar, hubs, dropboxes }
}
