/**
 * Notes for some, and the conversations that they make (spec Q20 to Q28).
 *
 *     write(to, note) ─first to these people▶ age: to their devices       ─since▶ box: under this device's key for them
 *     message opened ─▶ conversation of those people ─▶ list, messages, unread ◀─ read markers of own devices
 *
 * @module
 */
import {
  type Account,
  EffigyError,
  type Identity,
  maxConversationPeople as maxPeople,
  type Payload,
  type PrivateNote,
  type RawCid,
} from '@effigy/core'
import { maxAgeRecipients } from '@effigy/crypto'
import type {
  Conversation,
  ConversationAuthor,
  ConversationName,
  Item,
  NewMessage,
  Page,
  PageRequest,
  Store,
} from '@effigy/store'
import { accountTarget } from '../account/targets.ts'
import type { OwnState } from '../own/state.ts'
import type { Published } from '../peer.ts'
import { assertFilesSealed, type DraftOptions } from '../publish.ts'
import { saidTypes } from './contexts.ts'
import { createConversationKeys } from './conversation-keys.ts'
import { type CorrespondentsNow, createCorrespondents } from './correspondents.ts'
import type { HandOut } from './hand-out.ts'
import type { HeldBack } from './held-back.ts'
import { createJudging } from './judging.ts'
import type { Knocks } from './knocks.ts'
import type { OpenedEntry } from './opening.ts'
import type {
  ConversationTitle,
  ConversationView,
  GroupPort,
  NoteDraft,
  PeerConversations,
  WrittenNote,
} from './peer-conversations.ts'
import { nameGroup, namePeople, type PeoplePorts } from './people.ts'
import { keysOf, readerOf } from './readers.ts'
import { createRenamed } from './renamed.ts'
import { createRequests } from './requests.ts'

export interface ConversationsPorts extends PeoplePorts {
  readonly store: Store
  readonly publish: (payload: Payload, options: DraftOptions) => Promise<Published>
  readonly handOut: HandOut
  readonly ownKeys: () => readonly Uint8Array[]
  readonly state: Pick<OwnState, 'value' | 'values' | 'set'>
  /** Wall clock, ms. */
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
  /** Opens what waits. */
  readonly openNow: () => Promise<void>
  /** Other people are listened to than were. */
  readonly judged: () => void
}

export interface OpenConversations {
  readonly api: PeerConversations
  /** For each message that was opened; kept by `heard`. */
  opened(entry: OpenedEntry): void
  heard(): void
  /** Accounts are known now whose devices wrote before: what they said belongs together. */
  regroup(): void
  /** What is said for some, and not shown. */
  readonly heldBack: HeldBack
  setGroups(groups: GroupPort): void
  setKnocks(knocks: Knocks): void
  /** Strangers whose messages are wanted. */
  accepted(): readonly Account[]
  /** Says what takes the place of an own message, to whoever reads its conversation now. Null: it is no note for some. */
  sayAgain(author: Identity, content: RawCid, payload: Payload): Promise<Published | null>
}

/** Types that are messages of a conversation; others that some are told belong to something else. */
export const messageTypes: readonly string[] = [...saidTypes, 'missed_call']

/** Messages that are looked at for the newest that is shown. */
const newestLooked = 20

/** Conversations of one page, and pages that are looked through for it. */
const defaultPage = 50
const maxPages = 20

/** Conversations with people whose account is not known; looked at again when one turns up. */
const maxRegrouped = 1_000

export function openConversations(ports: ConversationsPorts): OpenConversations {
  const { store, self, publish, ownKeys, state, now } = ports
  const talk = store.conversations
  const keys = createConversationKeys(ports)
  const waiting: NewMessage[] = []
  const correspondents = createCorrespondents(ports)
  let groups: GroupPort | null = null
  let knocks: Knocks | null = null
  const renamed = createRenamed(store)
  const judging = createJudging({ talk, groups: () => groups })
  const { stateOf, counts } = judging
  let turn: Promise<unknown> = Promise.resolve()

  const nowOf = renamed.now

  const talkOf = (author: Identity, content: RawCid): Conversation | null =>
    talk?.conversationOf(author, content) ?? null

  const membersOf = ({ kind, name, persons }: Conversation): readonly Account[] =>
    kind === 'group' ? (groups?.members(name.slice(1)) ?? []) : persons

  const titled = (known: Conversation): ConversationTitle => ({
    ...known,
    persons: membersOf(known),
    title: known.kind === 'group' ? (groups?.title(known.name.slice(1)) ?? null) : null,
  })

  const alone = (identity: Identity): Account => ({ identity, root: null })

  function opened({ author, content, payload, by }: OpenedEntry): void {
    const isKey = by.type === 'box'
    const to = payload.type === 'private_note' ? ((payload as PrivateNote).to ?? []) : []
    const persons = isKey ? by.key.persons : to
    const conversation =
      isKey && persons === null
        ? nameGroup(by.key.conversation)
        : namePeople([alone(author), ...(persons ?? [])], ports)
    waiting.push({ author, content, conversation })
  }

  function heard(): void {
    talk?.assign(waiting.splice(0))
  }

  function regroup(): void {
    for (const { name, persons } of talk?.withDevices(maxRegrouped) ?? []) {
      const named = namePeople(persons, ports)
      if (named.name === name) continue
      // First: cut off here, nothing is unread again.
      renamed.note(name, named.name)
      talk?.merge(name, named)
    }
  }

  async function write(named: ConversationName, note: NoteDraft): Promise<WrittenNote> {
    const payload = { type: 'private_note', at: now(), ...note } as Payload
    // Before a key is handed out for it.
    assertFilesSealed(payload)
    const { name, persons } = named
    const done = (published: Published): WrittenNote => {
      talk?.assign([{ author: self, content: published.content, conversation: named }])
      knocks?.due()
      return { ...published, conversation: name, readers: persons }
    }
    if (persons.length === 0) return done(await publish({ ...payload, to: [] } as Payload, {}))
    const recipients = (): readonly Uint8Array[] =>
      keysOf(
        persons.map((person) => readerOf(store, person)),
        ownKeys(),
      )
    // Two at once would both begin a conversation; under one key they are written together.
    const begun = await inTurn(async () => {
      const isFirst = (talk?.conversation(name) ?? null) === null && recipients().length <= maxAgeRecipients
      if (!isFirst) return keys.forReaders(named, recipients)
      const addressed = { ...payload, to: persons } as Payload
      return done(await publish(addressed, { seal: { type: 'age', context: 'note', recipients } }))
    })
    if ('readers' in begun) return begun
    const { conversation, key } = begun
    return done(await publish(payload, { seal: { type: 'box', conversation, key } }))
  }

  async function say(known: ConversationName, note: NoteDraft): Promise<WrittenNote> {
    const { name, kind, persons } = known
    if (kind === 'group') {
      if (groups === null) throw noConversation()
      const group = name.slice(1)
      const published = await groups.write(group, note)
      talk?.assign([{ author: self, content: published.content, conversation: known }])
      return { ...published, conversation: name, readers: groups.members(group) ?? [] }
    }
    if (persons.length > maxPeople) throw tooMany()
    return write(namePeople(persons, ports), note)
  }

  /** One after the other. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  function people(identities: readonly Identity[]): ConversationName {
    return namePeople(identities.map(alone), ports)
  }

  function markOf(name: string, author: Identity): number {
    const values = [name, ...renamed.before(name)].map((each) => state.value(markKey(each, author)))
    return Math.max(0, ...values.filter((value) => typeof value === 'number'))
  }

  function othersIn(name: string, now = correspondents.now()): readonly ConversationAuthor[] {
    const conversation = talk?.conversation(name) ?? null
    if (talk === undefined || conversation === null) return []
    const isHeard = judging.isHeard(conversation, now)
    return talk.authors(name).filter(({ identity }) => !now.own.has(identity) && isHeard(identity))
  }

  function unreadIn(name: string, now: CorrespondentsNow): number {
    const conversation = talk?.conversation(name) ?? null
    let sum = 0
    for (const { identity } of othersIn(name, now)) {
      const above = talk?.countAbove(name, identity, markOf(name, identity)) ?? 0
      if (above > 0 && conversation !== null && judging.speaksIn(conversation, identity)) sum += above
    }
    return sum
  }

  /** In which nobody has said anything yet. */
  function emptyGroup(name: string): Conversation | null {
    if (!name.startsWith('g') || !groups?.members(name.slice(1))) return null
    return { ...nameGroup(name.slice(1)), newestAt: 0 }
  }

  const known = (name: string): Conversation | null => talk?.conversation(nowOf(name)) ?? emptyGroup(name)

  function isShown({ persons }: Conversation, now: CorrespondentsNow): boolean {
    return persons.length === 0 || !persons.every(now.isHidden)
  }

  function messages(name: string, page?: PageRequest, now = correspondents.now()): Page<Item> {
    const conversation = talk?.conversation(name) ?? null
    if (talk === undefined || conversation === null) return none
    if (stateOf(conversation, now) !== 'open') {
      const first = judging.firstOf(conversation, now)
      return { items: first === null ? [] : [first], next: null }
    }
    const isHeard = judging.isHeard(conversation, now)
    const isMeant = ({ identity, content }: Item): boolean =>
      isHeard(identity) && counts(conversation, identity, content)
    const { limit = defaultPage, after = null } = page ?? {}
    const found: Item[] = []
    let next = after
    // Much that does not count may stand between two that do.
    for (let pages = 0; pages < maxPages; pages++) {
      const more = talk.messages(name, { limit: limit - found.length, after: next })
      found.push(...more.items.filter(isMeant))
      next = more.next
      if (next === null || found.length >= limit) break
    }
    return { items: found, next }
  }

  function viewOf(conversation: Conversation, now = correspondents.now()): ConversationView {
    const { name } = conversation
    const state = stateOf(conversation, now)
    const newest = messages(name, { limit: newestLooked }, now).items[0] ?? null
    const asker = state === 'open' ? null : judging.askerOf(conversation)
    return {
      ...{ ...titled(conversation), newest, state },
      asker: asker === null ? null : accountTarget(store, asker),
      unread: state === 'open' ? unreadIn(name, now) : 0,
      knock: knocks?.of(conversation) ?? null,
    }
  }

  function list({
    all = false,
    ...page
  }: PageRequest & { readonly all?: boolean } = {}): Page<ConversationView> {
    const now = correspondents.now()
    const isListed = (conversation: Conversation): boolean =>
      isShown(conversation, now) && (all || stateOf(conversation, now) === 'open')
    const { limit = defaultPage } = page
    const found: ConversationView[] = []
    let next = page.after ?? null
    // Many strangers may stand between two friends.
    for (let pages = 0; pages < maxPages; pages++) {
      const more = talk?.conversations({ limit: limit - found.length, after: next }) ?? none
      found.push(...more.items.filter(isListed).map((conversation) => viewOf(conversation, now)))
      next = more.next
      if (next === null || found.length >= limit) break
    }
    return { items: found, next }
  }

  const requests = createRequests({
    ...{ store, talk, correspondents, unreadIn, judged: ports.judged },
    ...{ known, askerOf: judging.askerOf, firstOf: judging.firstOf },
    knocks: () => knocks,
    stanceIn(conversation, now) {
      const state = isShown(conversation, now) ? stateOf(conversation, now) : 'ignored'
      return state === 'ignored' ? 'hidden' : state
    },
  })

  const api: PeerConversations = {
    ...requests,
    async write(to, note) {
      const named = people(to)
      if (named.persons.length > maxPeople) throw tooMany()
      return write(named, note)
    },
    async answer(name, note) {
      const conversation = known(name)
      if (conversation === null) throw noConversation()
      return say(conversation, note)
    },
    opened: ports.openNow,
    nameOf: (identities) => people(identities).name,
    list,
    show(name) {
      const conversation = known(name)
      return conversation === null ? null : viewOf(conversation)
    },
    openGroups() {
      const now = correspondents.now()
      const ids = groups?.ids() ?? []
      return ids.filter((id) => {
        const conversation = known(`g${id}`)
        return conversation !== null && stateOf(conversation, now) === 'open'
      })
    },
    messages: (name, page) => messages(nowOf(name), page),
    readers(author, content) {
      const conversation = talkOf(author, content)
      return conversation === null ? null : membersOf(conversation)
    },
    of(author, content) {
      const known = talkOf(author, content)
      return known && titled(known)
    },
    async markRead(told) {
      const name = nowOf(told)
      await state.set(
        othersIn(name)
          .filter(({ identity, comparable }) => comparable > markOf(name, identity))
          .map(({ identity, comparable }) => [markKey(name, identity), comparable] as const),
      )
    },
    readKeys: ({ reveal = false, limit = 100 } = {}) =>
      (store.contentKeys?.list({ limit }) ?? []).map(({ giver, conversation, generation, persons, key }) => {
        return { giver, conversation, generation, persons, key: reveal ? key : null }
      }),
  }

  return {
    api,
    async sayAgain(author, content, payload) {
      const known = talkOf(author, content)
      if (known === null || payload.type !== 'private_note') return null
      // Who reads it is what the conversation says.
      const { to: _said, ...note } = payload as PrivateNote
      return say(known, note)
    },
    opened,
    heard,
    regroup,
    heldBack() {
      const now = correspondents.now()
      const heardIn = new Map<string, (author: Identity) => boolean>()
      return ({ identity, content }) => {
        const conversation = talkOf(identity, content)
        if (conversation === null) return false
        const { name } = conversation
        const isOpen = (): boolean => isShown(conversation, now) && stateOf(conversation, now) === 'open'
        const isHeard =
          heardIn.get(name) ?? (isOpen() ? judging.isHeard(conversation, now) : (): boolean => false)
        heardIn.set(name, isHeard)
        return !isHeard(identity) || !counts(conversation, identity, content)
      }
    },
    setGroups(port) {
      groups = port
    },
    setKnocks(port) {
      knocks = port
    },
    accepted: correspondents.accepted,
  }
}

const none = { items: [], next: null }

const markKey = (name: string, author: Identity): string => `read/${name}/${author}`

function tooMany(): EffigyError {
  const message = `A note for some is for at most ${maxPeople} people. Make a group for more.`
  return new EffigyError('too-many-people', message)
}

function noConversation(): EffigyError {
  return new EffigyError('no-conversation', 'Nothing was said there yet. Write to the people themselves.')
}
