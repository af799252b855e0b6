/**
 * Who may have the key of the own feed: once one of them is taken out of an account that reads it, it needs another
 * (spec X25; T21).
 *
 *     first use of a key ─▶ devices of the own account and of the readers ─ one of them out, or in and out ─▶ new key
 *
 * What counts is who was taken out, not whom a letter named: devices of one account hand keys to each other.
 *
 * @module
 */
import type { Account, Identity, Root } from '@effigy/core'
import type { Store } from '@effigy/store'
import { authorityOf } from '../private/readers.ts'
import type { Intent } from './intent.ts'

/** What is known of one account; root null: of a lone device. */
interface Known {
  readonly root: Root | null
  readonly members: readonly Identity[]
  /** Once a member, and none now. */
  readonly out: readonly Identity[]
  readonly recovery: string | null
  /** Two speak for it: who is not a member now may be one again. */
  readonly isContested: boolean
}

type Turns = Readonly<Record<string, readonly number[]>>

interface Noted {
  readonly keyId: string
  /** By the name in the list of readers, or of this device. Members are all since the key is used, `out` those before. */
  readonly accounts: Readonly<Record<string, Known>>
  /** When each reader's account made the feed take another key of late, ms. */
  readonly turns: Turns
}

export interface HoldersDeps {
  readonly store: Pick<Store, 'synods' | 'setting' | 'saveSetting'>
  readonly identity: Identity
  readonly now: () => number
}

export interface Holders {
  /**
   * Whether somebody who may have the key of what is wanted is out by now. Notes who may have it; `isInUse`: others may
   * have had it before that.
   */
  isKeyLost(intent: Intent, isInUse: boolean): boolean
  /** Another key is wanted from now on, instead of one that was lost. Durable when it returns. */
  renewed(intent: Intent): void
}

/** A reader who takes devices out again and again costs the author no more (T16), and puts off nobody else's new key. */
const turnsADay = 4
const dayMs = 86_400_000

const notedKey = 'private-feed/holders'

export function createHolders({ store, identity, now }: HoldersDeps): Holders {
  const own: Account = { identity, root: null }

  /** Null: nobody knows now who speaks for it. `first` as it was noted: an account is no lone device again. */
  function knownOf(account: Account, first: Known | undefined): Known | null {
    const authority = authorityOf(store, account)
    if (authority === null) {
      const isLone = account.root === null && (first?.root ?? null) === null
      return isLone
        ? { root: null, members: [account.identity], out: [], recovery: null, isContested: false }
        : null
    }
    const { root, current, disputed, standings } = authority
    if (current === null) return null
    const members: Identity[] = []
    const out: Identity[] = []
    for (const [device, { type }] of standings) {
      if (type === 'member') members.push(device)
      else if (type === 'revoked' || (type === 'frozen' && !disputed)) out.push(device)
    }
    return { root, members, out, recovery: current.state.recovery, isContested: disputed }
  }

  function read(): Noted | null {
    const text = store.setting(notedKey)
    // Nobody but `save` writes it.
    const noted = text === null ? null : (JSON.parse(text) as Noted | null)
    // Once it was one list for all.
    return noted !== null && Array.isArray(noted.turns) ? { ...noted, turns: {} } : noted
  }

  function save(noted: Noted): void {
    const text = JSON.stringify(noted)
    if (store.setting(notedKey) !== text) store.saveSetting(notedKey, text)
  }

  function note({ keyId, readers }: Intent, isInUse: boolean, turns: Turns): Noted | null {
    if (keyId === null) return null
    const before = read()
    const isNoted = before?.keyId === keyId
    const accounts: Record<string, Known> = {}
    for (const account of [own, ...readers]) {
      const name = nameOf(account)
      const said = before?.accounts[name]
      const known = knownOf(account, isNoted ? said : undefined) ?? (isNoted ? said : undefined)
      if (known === undefined) continue
      // Who reads from now on gives the key to nobody who is out already; own devices have it from the first on.
      const isFirst = isNoted ? account !== own : !isInUse
      if (isNoted && said !== undefined) accounts[name] = isLost(said, known) ? said : together(said, known)
      else accounts[name] = isFirst ? known : sinceThen(known, said)
    }
    const noted = { keyId, accounts, turns }
    save(noted)
    return noted
  }

  function isOut(account: Account, { accounts }: Noted): boolean {
    const first = accounts[nameOf(account)]
    const known = knownOf(account, first)
    return known !== null && first !== undefined && isLost(first, known)
  }

  /** A clock that was ahead counts for nothing. */
  function lately(): Turns {
    const isLate = (at: number): boolean => at <= now() && at > now() - dayMs
    const turns = Object.entries(read()?.turns ?? {}).map(
      ([name, all]) => [name, all.filter(isLate)] as const,
    )
    return Object.fromEntries(turns.filter(([, late]) => late.length > 0))
  }

  /** Readers for whom another key is due. */
  function lostBy(readers: Intent['readers'], noted: Noted): readonly string[] {
    const isDue = (account: Account): boolean =>
      (noted.turns[nameOf(account)]?.length ?? 0) < turnsADay && isOut(account, noted)
    return readers.filter(isDue).map(nameOf)
  }

  return {
    isKeyLost(intent, isInUse) {
      const noted = note(intent, isInUse, lately())
      return noted !== null && (isOut(own, noted) || lostBy(intent.readers, noted).length > 0)
    },
    renewed(intent) {
      const before = read()
      const turns = lately()
      const isOwnDoing = before === null || isOut(own, before)
      const lost = isOwnDoing ? [] : lostBy(intent.readers, { ...before, turns })
      const added = lost.map((name) => [name, [...(turns[name] ?? []), now()]] as const)
      note(intent, false, { ...turns, ...Object.fromEntries(added) })
    },
  }
}

const nameOf = ({ identity, root }: Account): string => root ?? identity

/** Linear: an account's states, of which there is a bound, name thousands of devices at most. */
function isLost(first: Known, known: Known): boolean {
  const { members, out, recovery, isContested } = known
  const [membersNow, outNow, outFirst] = [new Set(members), new Set(out), new Set(outOf(first, known))]
  return (
    first.members.some((device) => outNow.has(device) || !(membersNow.has(device) || isContested)) ||
    out.some((device) => !outFirst.has(device)) ||
    (first.recovery !== null && first.recovery !== recovery)
  )
}

/** Whom the account took out before a device that reads came into it is no matter. */
const outOf = (first: Known, known: Known): readonly Identity[] =>
  first.root === known.root ? first.out : known.out

/** What was known first, and who joined since. */
function together(first: Known, known: Known): Known {
  return {
    ...known,
    members: [...new Set([...first.members, ...known.members])],
    out: outOf(first, known),
    recovery: first.recovery ?? known.recovery,
  }
}

/**
 * Of a key that was found in use, by a store that noted nothing or was put back: whoever was not out when something was
 * noted last may have it.
 */
function sinceThen(known: Known, last: Known | undefined): Known {
  return { ...known, out: last?.out ?? [], recovery: last?.recovery ?? known.recovery }
}
