/**
 * Leaves first messages for those who may not listen to us, and keeps those that were left here (spec Q27, Q28).
 *
 *     written, somebody connected ─▶ who neither follows us nor answered? ─drop▶ noted in own state, once
 *     drop of that type here ─open▶ left ─ the message itself came, or its author is blocked ▶ removed
 *
 * @module
 */
import {
  type Account,
  accountKey,
  EffigyError,
  type Identity,
  type PrivateNote,
  type RawCid,
} from '@effigy/core'
import type { ConversationName, Store, StoreChange } from '@effigy/store'
import type { Clock, Log } from '@effigy/sync'
import { accountTarget } from '../account/targets.ts'
import type { PeerDrops, ReceivedDrop } from '../drops/drops.ts'
import type { Pulse } from '../live.ts'
import type { OwnState } from '../own/state.ts'
import { type Knock, knockOf, knockType, readKnock } from './knock.ts'
import { namePeople, type PeoplePorts } from './people.ts'

/** A first message that is here before its conversation. */
export interface LeftMessage extends Knock {
  readonly id: RawCid
  readonly from: Identity
}

export interface Knocks {
  /** The first of each sender, the oldest first; with how many more they left. */
  left(): readonly {
    readonly message: LeftMessage
    readonly conversation: ConversationName
    readonly more: number
  }[]
  /** What became of what was said there to those who may not listen; null: they all do, or nothing was said. */
  of(conversation: ConversationName): 'left' | 'not-left' | null
  /** Something was written, or somebody connected. */
  due(): void
  changed(change: StoreChange): void
  /** Resolves when nothing runs any more; after the signal. */
  idle(): Promise<unknown>
}

/** As the peer's drops give them. */
export interface KnockDrops {
  readonly api: Pick<PeerDrops, 'send' | 'remove'>
  /** Fires when one came or went. */
  readonly news: Pulse
  readonly read: (id: RawCid) => Promise<ReceivedDrop | null>
}

export interface KnocksPorts extends PeoplePorts {
  readonly store: Store
  readonly drops: KnockDrops
  readonly state: Pick<OwnState, 'value' | 'set'>
  readonly ignored: () => readonly Account[]
  readonly clock: Clock
  readonly log: Log
  /** What is left is not what it was. */
  readonly onChange: () => void
  readonly signal: AbortSignal
}

/** Conversations that are looked at, the newest. */
const maxLooked = 50

/** Drops that are kept in mind, of those who are named and of requests. */
const maxLeft = 500

/** After one that nobody took, ms. */
const againMs = 60_000

export function createKnocks(ports: KnocksPorts): Knocks {
  const { store, self, drops, state, clock, log, signal } = ports
  /** By id; null: none of ours, or it opens no more. */
  const known = new Map<RawCid, LeftMessage | null>()
  /** Keys of accounts; null: to be looked up. */
  let followers: ReadonlySet<string> | null = null
  /** As told the last time; null: to be made anew. */
  let shown: ReturnType<Knocks['left']> | null = null
  let sending: Promise<void> | null = null
  let isDue = false
  let notBeforeMs = Number.NEGATIVE_INFINITY
  let timer: Disposable | null = null

  const keyOf = (name: string, { identity }: Account): string => `knock/${name}/${identity}`
  const isLeftFor = (name: string, person: Account): boolean => state.value(keyOf(name, person)) !== null

  // Leaving ---------------------------------------------------------------------

  /** Who does not follow us, as far as is known, and said nothing there. */
  function strangersTo({ name, persons }: ConversationName): readonly Account[] {
    const keyFor = (identity: Identity): string => accountKey(accountTarget(store, identity))
    const authors = store.conversations?.authors(name) ?? []
    const heard = new Set(authors.map(({ identity }) => keyFor(identity)))
    const silent = persons.filter((person) => !heard.has(accountKey(person)))
    if (silent.length === 0) return []
    followers ??= new Set(store.followers(self).map(keyFor))
    const listeners = followers
    return silent.filter((person) => !listeners.has(accountKey(person)))
  }

  const hasOwn = (name: string): boolean =>
    store.conversations?.authors(name).some(({ identity }) => identity === self) === true

  async function leaveAll(): Promise<void> {
    const { items } = store.conversations?.conversations({ limit: maxLooked }) ?? { items: [] }
    for (const conversation of items) {
      const { name, kind, persons } = conversation
      if (kind !== 'people' || persons.every((person) => isLeftFor(name, person)) || !hasOwn(name)) continue
      const people = strangersTo(conversation).filter((person) => !isLeftFor(name, person))
      const first = people.length === 0 ? null : (store.conversations?.oldest(name, self) ?? null)
      if (first?.state.type !== 'shown') continue
      const { content } = first
      const { at, cw, text } = first.state.payload as PrivateNote
      const knock = { content, at, text: cw || text || '', name: ownName(), people: persons }
      for (const person of people) {
        if (signal.aborted) return
        if (await leave(person, knock)) await state.set([[keyOf(name, person), { content, at: clock.now() }]])
      }
    }
  }

  async function leave({ identity }: Account, knock: Knock): Promise<boolean> {
    try {
      const { boxes } = await drops.api.send(identity, knockOf(knock), { signal })
      if (boxes.some(({ type }) => type === 'kept')) return true
    } catch (cause) {
      if (signal.aborted || !(cause instanceof EffigyError)) throw cause
      log.info('knock.not-left', { code: cause.code })
    }
    notBeforeMs = clock.monotonic() + againMs
    return false
  }

  function ownName(): string | null {
    const said = store.profile(self)?.state
    if (said?.type === 'shown' && said.payload.type === 'identification') {
      const { name } = said.payload
      if (typeof name === 'string' && name !== '') return name
    }
    const root = store.synods?.accountOf(self) ?? null
    return (root === null ? null : store.synods?.account(root)?.current?.state.name) || null
  }

  function due(): void {
    if (signal.aborted || store.conversations === undefined) return
    isDue = true
    const waitMs = notBeforeMs - clock.monotonic()
    if (waitMs > 0) {
      timer ??= clock.after(waitMs, () => {
        timer = null
        due()
      })
      return
    }
    if (sending !== null) return
    isDue = false
    sending = leaveAll()
      .catch((cause: unknown) => {
        // What could not be noted is left once more.
        if (!signal.aborted && !(cause instanceof EffigyError)) throw cause
      })
      .finally(() => {
        sending = null
        if (isDue) due()
      })
  }

  // What was left here ------------------------------------------------------------

  async function listen(): Promise<void> {
    while (!signal.aborted) {
      const seen = drops.news.count
      try {
        await look()
      } catch (cause) {
        // A medium that fails here fails whoever writes next, and is told there.
        if (!signal.aborted && !(cause instanceof EffigyError)) throw cause
      }
      await drops.news.after(seen, signal)
    }
  }

  async function look(): Promise<void> {
    const taken = [false, true].flatMap((isRequest) => store.takenDrops?.list(isRequest, maxLeft) ?? [])
    const here = new Set(taken.flatMap(({ id, type }) => (type === knockType ? [id] : [])))
    let isOther = false
    for (const id of known.keys()) if (!here.has(id)) isOther = known.delete(id) || isOther
    for (const id of here) {
      if (signal.aborted) return
      if (known.has(id)) continue
      const drop = await drops.read(id)
      const knock = drop === null ? null : readKnock(drop.payload)
      known.set(id, drop === null || knock === null ? null : { ...knock, id, from: drop.from })
      isOther = true
    }
    if (isOther) shown = null
    sweep(null)
    if (isOther) ports.onChange()
  }

  /**
   * What came by itself since, what is none, and what somebody says who is blocked, or ignored: of these the first stays,
   * for when that is taken back. `of`: whose feeds have changed.
   */
  function sweep(of: ReadonlySet<Identity> | null): void {
    if (known.size === 0) return
    const blocked = store.persons(self, 'block')
    const ignored = new Set(ports.ignored().map(accountKey))
    const stayed = new Set<string>()
    for (const [id, message] of known) {
      const isLookedAt = message === null || of === null || of.has(message.from)
      const isAsked = message !== null && ignored.size > 0
      const who = isAsked ? accountKey(accountTarget(store, message.from)) : ''
      const isOver =
        message === null ||
        blocked.identities.has(message.from) ||
        (isLookedAt && isHere(message)) ||
        stayed.has(who)
      if (!isOver) {
        if (ignored.has(who)) stayed.add(who)
        continue
      }
      known.delete(id)
      shown = null
      try {
        drops.api.remove(id)
      } catch (cause) {
        // Somebody else removed it.
        if (!(cause instanceof EffigyError) || cause.code !== 'drop-unknown') throw cause
      }
    }
  }

  function isHere({ from, content }: LeftMessage): boolean {
    const state = store.resolve(from, content)?.state.type
    return state === 'shown' || state === 'erased'
  }

  /** Whoever leaves many, to whichever people, is one who asks. */
  function leftNow(): ReturnType<Knocks['left']> {
    const found = new Map<Identity, { message: LeftMessage; conversation: ConversationName; more: number }>()
    for (const message of known.values()) {
      if (message === null) continue
      const { from, people } = message
      const other = found.get(from)
      if (other !== undefined) other.more++
      else {
        const conversation = namePeople([{ identity: from, root: null }, ...people], ports)
        found.set(from, { message, conversation, more: 0 })
      }
    }
    return [...found.values()]
  }

  const listening = listen()

  return {
    due,
    of(conversation) {
      const { name, kind, persons } = conversation
      if (kind !== 'people' || persons.length === 0 || !hasOwn(name)) return null
      const others = strangersTo(conversation)
      if (others.length === 0) return null
      return others.every((person) => isLeftFor(name, person)) ? 'left' : 'not-left'
    },
    left() {
      shown ??= leftNow()
      return shown
    },
    changed({ views, feeds, synods }) {
      const isOfAccounts = (synods?.size ?? 0) > 0
      if (views || isOfAccounts) followers = null
      // Whose device somebody is may be known now.
      if (isOfAccounts) shown = null
      // No feed has changed when something sealed was opened.
      if (views) sweep(feeds.size === 0 ? null : feeds)
    },
    async idle() {
      timer?.[Symbol.dispose]()
      await Promise.all([listening, sending])
    },
  }
}
