/**
 * What a person is told of, what of it is unread on all own devices, and what they do not want to hear of (spec S44).
 *
 *     store.notices ─without muted threads and words▶ list, unread ◀─ read/notices/AUTHOR of own devices
 *
 * @module
 */
import {
  type ContentName,
  EffigyError,
  type Identity,
  parseIdentity,
  parseRawCid,
  type RawCid,
} from '@effigy/core'
import type { Cursor, Notice, Page, PageRequest, Store } from '@effigy/store'
import type { OwnState } from '../own/state.ts'
import type { HeldBack } from '../private/held-back.ts'
import { mutedWord, wordFilter } from './muted-words.ts'

export interface NoticeView extends Notice {
  /** No own device has marked it as read; always false below the newest 1,000. */
  readonly isUnread: boolean
}

export interface PeerNotices {
  /** Replies, mentions, reactions and new followers, the newest first. A page may have fewer than asked for. */
  list(page?: PageRequest): Page<NoticeView>
  /** How many are unread: 100 stands for more too. */
  unread(): number
  /** All that is here was read, on all own devices. Throws as `publish` does. */
  markRead(): Promise<void>
  /** Words and phrases of which one is not told, by the alphabet; up to 1,000. */
  words(): readonly string[]
  /** Throws `EffigyError` 'word-unfit' for nothing but space, or more than 96 bytes. */
  muteWord(word: string, value: boolean): Promise<void>
  /** Whether one is told nothing of the conversation that begins with it. */
  isThreadMuted(identity: Identity, content: RawCid): boolean
  muteThread(identity: Identity, content: RawCid, value: boolean): Promise<void>
}

/** Nobody reads a greater number. */
const maxCounted = 100

/** Pages of the store that are looked through for one page, where much is muted. */
const maxPagesRead = 10

const markPrefix = 'read/notices/'
const wordPrefix = 'mute/word/'
const threadPrefix = 'mute/thread/'

type NoticesStore = Pick<Store, 'notices' | 'resolve' | 'deviceValue' | 'deviceValues'>

export function createNotices(
  store: NoticesStore,
  self: Identity,
  state: Pick<OwnState, 'set'>,
  heldBack: HeldBack,
): PeerNotices {
  const markKey = (author: Identity): string => `${markPrefix}${author}`

  /** Comparables by author, looked up once. */
  function marks(): (author: Identity) => number {
    const known = new Map<Identity, number>()
    return (author) => {
      const found = known.get(author)
      if (found !== undefined) return found
      const value = store.deviceValue(markKey(author))?.value ?? 0
      const mark = typeof value === 'number' ? value : 0
      known.set(author, mark)
      return mark
    }
  }

  function keysWith(prefix: string): readonly string[] {
    return store
      .deviceValues(prefix)
      .filter(({ value }) => value === true)
      .map(({ key }) => key.slice(prefix.length))
  }

  /** By the name that it has now: an edited beginning is the same conversation. */
  const threadKey = ({ identity, content }: ContentName): string => {
    const item = store.resolve(identity, content)
    return `${item?.identity ?? identity}/${item?.content ?? content}`
  }

  function mutedThreads(): ReadonlySet<string> {
    return new Set(
      keysWith(threadPrefix).flatMap((key) => {
        const [identity = '', content = ''] = key.split('/')
        const name = { identity: parseIdentity(identity), content: parseRawCid(content) }
        return name.identity === null || name.content === null ? [] : [threadKey(name as ContentName)]
      }),
    )
  }

  /** Whether a person wants to be told of it. */
  function taste(): (notice: Notice) => boolean {
    const threads = mutedThreads()
    const wordIn = wordFilter(keysWith(wordPrefix))
    const isHeldBack = heldBack()
    return ({ item, thread }) => {
      // Of strangers who wait for a word one hears as of such.
      if (isHeldBack(item)) return false
      if (thread !== null && threads.size > 0 && threads.has(threadKey(thread))) return false
      return item.state.type !== 'shown' || wordIn(item.state.payload) === null
    }
  }

  function* unread(): Generator<Notice> {
    const markOf = marks()
    const isWanted = taste()
    const newest = store.notices?.newest(self, (author, comparable) => comparable > markOf(author)) ?? []
    for (const notice of newest) if (isWanted(notice)) yield notice
  }

  return {
    list(page = {}) {
      const markOf = marks()
      const isWanted = taste()
      const limit = page.limit ?? 50
      const items: NoticeView[] = []
      let after: Cursor | null = page.after ?? null
      for (let read = 0; read < maxPagesRead && items.length < limit; read++) {
        const found: Page<Notice> = store.notices?.list(self, { limit: limit - items.length, after }) ?? none
        for (const notice of found.items) {
          const { identity, comparable } = notice.item
          if (isWanted(notice)) items.push({ ...notice, isUnread: comparable > markOf(identity) })
        }
        after = found.next
        if (after === null) break
      }
      return { items, next: after }
    },
    unread() {
      let count = 0
      for (const _ of unread()) if (++count === maxCounted) break
      return count
    },
    async markRead() {
      const markOf = marks()
      const newest = new Map<Identity, number>()
      // What is muted too: it is not to be news when it is wanted again.
      const all = store.notices?.newest(
        self,
        (author, comparable) => comparable > (newest.get(author) ?? markOf(author)),
      )
      for (const { item } of all ?? []) newest.set(item.identity, item.comparable)
      await state.set([...newest].map(([author, comparable]) => [markKey(author), comparable] as const))
    },
    words: () => keysWith(wordPrefix),
    async muteWord(text, value) {
      const word = mutedWord(text)
      if (word === null) throw new EffigyError('word-unfit', 'Give a word or phrase of at most 96 bytes.')
      await state.set([[`${wordPrefix}${word}`, value ? true : null]])
    },
    isThreadMuted: (identity, content) => mutedThreads().has(threadKey({ identity, content })),
    async muteThread(identity, content, value) {
      if (value) {
        await state.set([[`${threadPrefix}${identity}/${content}`, true]])
        return
      }
      // Under whichever name it was muted.
      const key = threadKey({ identity, content })
      const named = keysWith(threadPrefix).filter((each) => {
        const [author = '', text = ''] = each.split('/')
        const name = { identity: parseIdentity(author), content: parseRawCid(text) }
        return name.identity !== null && name.content !== null && threadKey(name as ContentName) === key
      })
      await state.set(named.map((each) => [`${threadPrefix}${each}`, null] as const))
    },
  }
}

const none = { items: [], next: null }
