/**
 * Messages of people whom one does not follow: apart, and the first one alone, until a person says a word (spec Q25 to Q28).
 *
 *     conversations whose first stranger asks ─┐
 *     first messages left in a drop box ───────┴▶ requests ─┬ accept ▶ listened to, an ordinary conversation
 *                                                           └ ignore ▶ shown nowhere, until they are accepted
 *
 * @module
 */
import { type Account, accountKey, EffigyError, type Identity, type Payload, type RawCid } from '@effigy/core'
import type { Conversation, ConversationName, Conversations, Item } from '@effigy/store'
import { accountTarget } from '../account/targets.ts'
import type { Correspondents, CorrespondentsNow, CorrespondentsPorts, WhoMayWrite } from './correspondents.ts'
import type { Knocks } from './knocks.ts'

export interface MessageRequest {
  /** Of the conversation that it begins. */
  readonly name: string
  readonly kind: 'people' | 'group'
  /** Who said the first; of a group, who made it. */
  readonly from: Account
  /** What they call themselves, where their profile is not here. */
  readonly claimedName: string | null
  /** All but oneself, as far as they are known; empty for groups. */
  readonly persons: readonly Account[]
  /** The first message, or the beginning of it; null: it is no text. */
  readonly text: string | null
  readonly content: RawCid
  /** Its author's claim, ms. */
  readonly at: number
  /** Messages that are held back; more than 1,000 of one author are not counted. */
  readonly held: number
  /** Whom one follows who follow them, up to 8. */
  readonly common: readonly Identity[]
  /** `arriving`: accepted, and what they said is on its way. */
  readonly state: 'asks' | 'arriving'
}

export interface TalkCounts {
  /** Messages of others that no own device has marked as read. */
  readonly unread: number
  /** Conversations that have some. */
  readonly conversations: number
  /** People who wait for a word; up to 200. */
  readonly requests: number
}

export interface PeerRequests {
  /** Of each person the newest, up to 200, the newest first. */
  requests(): readonly MessageRequest[]
  /**
   * Their messages are wanted, those held back too, on all own devices: what they say from now on is listened to, without
   * following them. Error: 'no-request'.
   */
  accept(name: string): Promise<void>
  /** Nothing of it is shown, and they are told nothing. Accepting takes it back. Error: 'no-request'. */
  ignore(name: string): Promise<void>
  /** Who was ignored, by whichever device of theirs. */
  ignored(): readonly Account[]
  /** What was said of somebody by `ignore` is taken back: they ask again. */
  hear(identity: Identity): Promise<void>
  whoMayWrite(): WhoMayWrite
  /** On all own devices; 'anyone' until something else is said. */
  setWhoMayWrite(who: WhoMayWrite): Promise<void>
  /** Over the newest 500 conversations. */
  counts(): TalkCounts
}

export interface RequestsPorts {
  readonly store: CorrespondentsPorts['store']
  readonly talk: Conversations | undefined
  readonly correspondents: Correspondents
  readonly knocks: () => Knocks | null
  /** Of a conversation as it is judged now. */
  readonly stanceIn: (conversation: Conversation, now: CorrespondentsNow) => 'open' | 'asks' | 'hidden'
  readonly askerOf: (conversation: Conversation) => Identity | null
  /** All that is shown of one that asks. */
  readonly firstOf: (conversation: Conversation, now: CorrespondentsNow) => Item | null
  /** By whichever name it was told under. */
  readonly known: (name: string) => Conversation | null
  readonly unreadIn: (name: string, now: CorrespondentsNow) => number
  /** Other people are listened to than were. */
  readonly judged: () => void
}

/** Conversations that are looked at, the newest. */
const maxLooked = 500
const pageLength = 100
const maxRequests = 200

export function createRequests(ports: RequestsPorts): PeerRequests {
  const { store, talk, correspondents, stanceIn, unreadIn, askerOf, firstOf } = ports

  function* newest(): Iterable<Conversation> {
    let after: ReturnType<Conversations['conversations']>['next'] = null
    for (let count = 0; talk !== undefined && count < maxLooked; count += pageLength) {
      const page: ReturnType<Conversations['conversations']> = talk.conversations({
        limit: pageLength,
        after,
      })
      yield* page.items
      after = page.next
      if (after === null) return
    }
  }

  function ofConversation(conversation: Conversation, now: CorrespondentsNow): MessageRequest | null {
    const { name, kind, persons } = conversation
    const first = firstOf(conversation, now)
    const asker = askerOf(conversation)
    if (first === null || asker === null) return null
    const said = (talk?.authors(name) ?? []).map(({ identity }) => talk?.countAbove(name, identity, 0) ?? 0)
    return {
      ...{ name, kind, persons, content: first.content, at: first.sort, claimedName: null, state: 'asks' },
      from: accountTarget(store, asker),
      text: first.state.type === 'shown' ? textOf(first.state.payload) : null,
      held: said.reduce((sum, count) => sum + count, 0) - 1,
      common: now.common(asker),
    }
  }

  const isThere = ({ name }: ConversationName): boolean => (talk?.conversation(name)?.newestAt ?? 0) > 0

  function ofLeft(now: CorrespondentsNow): MessageRequest[] {
    return (ports.knocks()?.left() ?? []).flatMap(({ message, conversation, more }) => {
      const { from, content, at, text, name: claimedName } = message
      const account = accountTarget(store, from)
      const stance = now.stanceOf(from)
      if (stance === 'ignored' || stance === 'barred' || now.isHidden(account)) return []
      // Among messages that came by themselves this one will stand, too.
      if (isThere(conversation)) return []
      const { name, kind, persons } = conversation
      const state = stance === 'known' ? 'arriving' : 'asks'
      return [
        {
          ...{ name, kind, persons, content, at, text, claimedName, state, held: more },
          from: account,
          common: now.common(from),
        },
      ]
    })
  }

  /** One of each person, the newest: a word on it is a word on them. */
  function requests(now = correspondents.now()): readonly MessageRequest[] {
    const found = new Map<string, MessageRequest>()
    const add = (request: MessageRequest): void => {
      const key = accountKey(request.from)
      const other = found.get(key)
      found.set(key, other === undefined ? request : { ...other, held: other.held + request.held + 1 })
    }
    for (const conversation of newest()) {
      const request = stanceIn(conversation, now) === 'asks' ? ofConversation(conversation, now) : null
      if (request !== null) add(request)
    }
    for (const request of ofLeft(now)) add(request)
    return [...found.values()].sort((a, b) => b.at - a.at).slice(0, maxRequests)
  }

  async function judge(name: string, verdict: 'accepted' | 'ignored'): Promise<void> {
    const conversation = ports.known(name)
    const left = (): Identity | undefined =>
      ports
        .knocks()
        ?.left()
        .find((one) => one.conversation.name === name)?.message.from
    const from = (conversation && askerOf(conversation)) ?? left()
    if (from === undefined || correspondents.now().stanceOf(from) === 'known') {
      throw new EffigyError('no-request', 'Nobody asks for that, or no longer.')
    }
    await correspondents.judge(from, verdict)
    ports.judged()
  }

  return {
    requests: () => requests(),
    accept: (name) => judge(name, 'accepted'),
    ignore: (name) => judge(name, 'ignored'),
    ignored: correspondents.ignored,
    async hear(identity) {
      await correspondents.judge(identity, null)
      ports.judged()
    },
    whoMayWrite: correspondents.who,
    setWhoMayWrite: correspondents.setWho,
    counts() {
      const now = correspondents.now()
      const asking = new Set<string>()
      let [unread, conversations] = [0, 0]
      for (const conversation of newest()) {
        const stance = stanceIn(conversation, now)
        const isAsking = stance === 'asks' && firstOf(conversation, now) !== null
        const asker = isAsking ? askerOf(conversation) : null
        if (asker !== null) asking.add(accountKey(accountTarget(store, asker)))
        const count = stance === 'open' ? unreadIn(conversation.name, now) : 0
        unread += count
        if (count > 0) conversations++
      }
      for (const { state, from } of ofLeft(now)) if (state === 'asks') asking.add(accountKey(from))
      return { unread, conversations, requests: Math.min(asking.size, maxRequests) }
    },
  }
}

/** Of what stands behind a warning, the warning. */
function textOf(payload: Payload): string | null {
  if ('cw' in payload && payload.cw) return payload.cw
  return 'text' in payload && typeof payload.text === 'string' ? payload.text : null
}
