/**
 * Whose messages come through, and whose wait for a word of this person (spec Q25, Q26).
 *
 *     followed, accepted, oneself ─▶ known
 *     stranger ─ may they write to us? ─▶ asks │ barred      ignored ─▶ ignored
 *
 * @module
 */
import { type Account, accountKey, type Identity, type Json, parseIdentity } from '@effigy/core'
import type { Store } from '@effigy/store'
import { accountTarget } from '../account/targets.ts'
import { ownDevices } from '../own/devices.ts'
import type { OwnState } from '../own/state.ts'

/** Who of those whom one does not follow may begin a conversation. */
export type WhoMayWrite = 'anyone' | 'friends-of-friends' | 'followed'

export type Verdict = 'accepted' | 'ignored'

/** `barred`: nobody is told of it, because of whoever may write. */
export type Stance = 'known' | 'asks' | 'ignored' | 'barred'

/** As it is at one moment: a list is judged by one of these. */
export interface CorrespondentsNow {
  readonly own: ReadonlySet<Identity>
  /** Blocked or muted here: what they say is not shown. */
  isHidden(account: Account): boolean
  stanceOf(identity: Identity): Stance
  /** Whom one follows who follow them, up to 8. */
  common(identity: Identity): readonly Identity[]
}

export interface Correspondents {
  now(): CorrespondentsNow
  /** Strangers whose messages are wanted. */
  accepted(): readonly Account[]
  ignored(): readonly Account[]
  /** Null: what was said of them is taken back. */
  judge(identity: Identity, verdict: Verdict | null): Promise<void>
  who(): WhoMayWrite
  setWho(who: WhoMayWrite): Promise<void>
}

export interface CorrespondentsPorts {
  readonly store: Pick<Store, 'synods' | 'persons' | 'followers'>
  /** This device. */
  readonly self: Identity
  readonly state: Pick<OwnState, 'value' | 'values' | 'set'>
  /** Wall clock, ms. */
  readonly now: () => number
}

const maxCommon = 8
const verdictPrefix = 'correspondent/'
const whoKey = 'correspondents'

/** Keys of own state read at once, and of all. */
const pageLength = 1_000
const maxVerdicts = 10_000

interface Said {
  readonly identity: Identity
  readonly verdict: Verdict
  readonly at: number
}

export function createCorrespondents({ store, self, state, now }: CorrespondentsPorts): Correspondents {
  function* said(): Iterable<Said> {
    let after: string | null = null
    for (let count = 0; count < maxVerdicts; count += pageLength) {
      const page = state.values(verdictPrefix, { after, limit: pageLength })
      for (const { key, value } of page) {
        const identity = parseIdentity(key.slice(verdictPrefix.length))
        const word = wordOf(value)
        if (identity !== null && word !== null) yield { identity, ...word }
      }
      after = page.at(-1)?.key ?? null
      if (page.length < pageLength) return
    }
  }

  /** The newest word on each person, by whichever of their devices they were named. */
  function verdicts(): ReadonlyMap<string, Said> {
    const newest = new Map<string, Said>()
    for (const one of said()) {
      const key = accountKey(accountTarget(store, one.identity))
      if ((newest.get(key)?.at ?? -1) < one.at) newest.set(key, one)
    }
    return newest
  }

  const judged = (wanted: Verdict): readonly Account[] =>
    [...verdicts().values()].flatMap(({ identity, verdict }) =>
      verdict === wanted ? [accountTarget(store, identity)] : [],
    )

  function who(): WhoMayWrite {
    const value = state.value(whoKey)
    return value === 'friends-of-friends' || value === 'followed' ? value : 'anyone'
  }

  return {
    who,
    setWho: (value) => state.set([[whoKey, value === 'anyone' ? null : value]]),
    judge(identity, verdict) {
      const meant = accountKey(accountTarget(store, identity))
      const same = Array.from(said(), (one) => one.identity).filter(
        (each) => accountKey(accountTarget(store, each)) === meant,
      )
      const word = verdict === null ? null : { verdict, at: now() }
      const named = verdict === null ? same : new Set([...same, identity])
      return state.set([...named].map((each) => [verdictPrefix + each, word]))
    },
    accepted: () => judged('accepted'),
    ignored: () => judged('ignored'),
    now() {
      const own = new Set(ownDevices(store, self))
      const followed = store.persons(self, 'follow')
      const lists = (['block', 'mute'] as const).map((kind) => store.persons(self, kind))
      const words = verdicts()
      const mayWrite = who()
      const isNamed = (
        { identities, roots }: Pick<typeof followed, 'identities' | 'roots'>,
        { identity, root }: Account,
      ): boolean => identities.has(identity) || (root !== null && roots.has(root))
      const common = (identity: Identity): readonly Identity[] =>
        store
          .followers(identity)
          .filter((other) => isNamed(followed, accountTarget(store, other)))
          .slice(0, maxCommon)
      return {
        own,
        common,
        isHidden: (account) => lists.some((list) => isNamed(list, account)),
        stanceOf(identity) {
          if (own.has(identity)) return 'known'
          const account = accountTarget(store, identity)
          if (isNamed(followed, account)) return 'known'
          const verdict = words.get(accountKey(account))?.verdict ?? null
          if (verdict !== null) return verdict === 'accepted' ? 'known' : 'ignored'
          if (mayWrite === 'anyone') return 'asks'
          return mayWrite === 'friends-of-friends' && common(identity).length > 0 ? 'asks' : 'barred'
        },
      }
    },
  }
}

function wordOf(value: Json): { readonly verdict: Verdict; readonly at: number } | null {
  if (typeof value !== 'object' || value === null || !('verdict' in value)) return null
  const { verdict, at } = value
  if (verdict !== 'accepted' && verdict !== 'ignored') return null
  return typeof at === 'number' ? { verdict, at } : null
}
