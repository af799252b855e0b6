/**
 * Hooks for lists: page by page, as far as somebody asks, and true where somebody looks.
 *
 *     const { items, hasMore, loadMore } = useTimeline()
 *
 * A list that several components show is one list: who loads more loads it for all of them.
 *
 * @module
 */
import type { Pending, QueryError } from './answer.ts'
import { aborted, type Source } from './cache.ts'
import type {
  ContentId,
  ConversationView,
  HookPeer,
  Identity,
  Item,
  LiveAnswer,
  LiveArguments,
  LiveName,
  NoticeView,
  PeopleKind,
  PersonName,
} from './hook-peer.ts'
import { type ListPage, openPagedList, type PagedList } from './paged-list.ts'
import { useShared } from './use-shared.ts'

export type List<Value> = ListState &
  PagedList & {
    /** Empty until something came. What did not change is the same object as before, for `memo`. */
    readonly items: readonly Value[]
    readonly hasMore: boolean
    readonly isLoadingMore: boolean
  }

type ListState =
  | Pending
  | { readonly type: 'ready'; readonly error: null }
  /** With the items of before. */
  | { readonly type: 'failed'; readonly error: QueryError }

export interface ListOptions {
  /** Items of one page, from 1 to 500; 50 when omitted. */
  readonly pageSize?: number
}

export interface TimelineOptions extends ListOptions {
  readonly comments?: boolean
  /** Of these alone. */
  readonly identities?: readonly Identity[]
  /** Also friends of friends. */
  readonly hops?: boolean
  /** With this label alone. */
  readonly tag?: string
}

export interface SearchOptions extends ListOptions {
  /** Written by these alone. */
  readonly identities?: readonly Identity[]
  /** `Item.sort`, ms: at or above, and below. */
  readonly since?: number
  readonly before?: number
  /** What timelines show, and comments; or what was said in conversations. Everything else when omitted, too. */
  readonly among?: 'posts' | 'messages'
}

/** Notes, pictures, media and collections of whom one watches, the newest first. */
export function useTimeline({ pageSize, ...options }: TimelineOptions = {}): List<Item> {
  return useList({
    name: 'timeline',
    about: options,
    argsOf: (page) => [{ ...options, ...page }],
    keyOf: cidOf,
    pageSize,
  })
}

/** Replies, mentions, reactions and new followers, the newest first; what is unread says so. */
export function useNotices({ pageSize }: ListOptions = {}): List<NoticeView> {
  return useList({
    name: 'notices.list',
    about: null,
    argsOf: (page) => [page],
    keyOf: noticeKey,
    pageSize,
  })
}

export interface PeopleOptions extends ListOptions {
  /** Beginnings of words of either name. */
  readonly search?: string
}

/** People by the names that one calls them by. */
export function usePeople(
  which: PeopleKind,
  { pageSize, search = '' }: PeopleOptions = {},
): List<PersonName> {
  return useList({
    name: 'people.list',
    about: [which, search],
    argsOf: (page) => [which, { ...page, search }],
    keyOf: personKey,
    pageSize,
  })
}

const personKey = ({ root, identity }: PersonName): string => root ?? identity

/** All of one feed, the newest first. */
export function useFeed(identity: Identity, { pageSize }: ListOptions = {}): List<Item> {
  return useList({
    name: 'feedItems',
    about: identity,
    argsOf: (page) => [identity, page],
    keyOf: cidOf,
    pageSize,
  })
}

/** Comments on and below something, the oldest first. */
export function useThread(
  identity: Identity,
  content: ContentId,
  { pageSize }: ListOptions = {},
): List<Item> {
  return useList({
    name: 'thread',
    about: [identity, content],
    argsOf: (page) => [identity, content, page],
    keyOf: cidOf,
    pageSize,
  })
}

/** What names an identity, or answers it, the newest first. */
export function useMentions(identity: Identity, { pageSize }: ListOptions = {}): List<Item> {
  return useList({
    name: 'mentions',
    about: identity,
    argsOf: (page) => [identity, page],
    keyOf: cidOf,
    pageSize,
  })
}

/** What has all these words, the newest first; a trailing `*` for a beginning. */
export function useSearch(text: string, { pageSize, ...filter }: SearchOptions = {}): List<Item> {
  return useList({
    name: 'search',
    about: [text, filter],
    argsOf: (page) => [text, { ...filter, ...page }],
    keyOf: cidOf,
    pageSize,
  })
}

/** Conversations with their newest message and how many are unread, the newest first. */
export function useConversations({ pageSize }: ListOptions = {}): List<ConversationView> {
  return useList({
    name: 'conversations.list',
    about: null,
    argsOf: (page) => [page],
    keyOf: nameOf,
    pageSize,
  })
}

/** Messages of one conversation, the newest first. */
export function useMessages(name: string, { pageSize }: ListOptions = {}): List<Item> {
  return useList({
    name: 'conversations.messages',
    about: name,
    argsOf: (page) => [name, page],
    keyOf: cidOf,
    pageSize,
  })
}

const defaultPageSize = 50

const cidOf = (item: Item): string => item.cid
const noticeKey = ({ item }: NoticeView): string => item.cid
const nameOf = (conversation: ConversationView): string => conversation.name

/** Queries whose answer is a page. */
type ListName = {
  [Name in LiveName]: LiveAnswer<Name> extends ListPage<unknown, unknown> ? Name : never
}[LiveName]

type ValueOf<Name extends ListName> = LiveAnswer<Name>['items'][number]
type CursorOf<Name extends ListName> = NonNullable<LiveAnswer<Name>['next']>

interface PageRequest<Cursor> {
  readonly limit: number
  readonly after: Cursor | null
}

interface ListQuestion<Name extends ListName> {
  readonly name: Name
  /** What it depends on besides; compared as JSON. */
  readonly about: unknown
  readonly argsOf: (page: PageRequest<CursorOf<Name>>) => LiveArguments<Name>
  readonly keyOf: (item: ValueOf<Name>) => string
  readonly pageSize: number | undefined
}

function useList<Name extends ListName>(question: ListQuestion<Name>): List<ValueOf<Name>> {
  const { name, about, argsOf, keyOf, pageSize: limit = defaultPageSize } = question
  return useShared(['list', name, limit, about], (peer) =>
    listSource(peer, name, (after) => argsOf({ limit, after }), keyOf),
  )
}

const nothing: PagedList = { loadMore: () => {}, look: () => {} }

function listSource<Name extends ListName>(
  peer: HookPeer,
  name: Name,
  argsOf: (after: CursorOf<Name> | null) => LiveArguments<Name>,
  keyOf: (item: ValueOf<Name>) => string,
): Source<List<ValueOf<Name>>> {
  type Page = ListPage<ValueOf<Name>, CursorOf<Name>>
  return {
    initial: (wait) => ({
      type: 'pending',
      error: null,
      wait,
      items: [],
      hasMore: false,
      isLoadingMore: false,
      ...nothing,
    }),
    async run(emit, signal) {
      const { promise, reject } = Promise.withResolvers<never>()
      const list: PagedList = openPagedList<ValueOf<Name>, CursorOf<Name>>(
        {
          ask: (after, until) => peer.live(name, argsOf(after) as never, until) as AsyncIterable<Page>,
          keyOf,
          show: (view) => emit({ type: 'ready', error: null, ...view, ...list }),
          fail: reject,
        },
        signal,
      )
      await Promise.race([promise, aborted(signal)])
    },
    failed: (error, { items }) => ({
      type: 'failed',
      error,
      items,
      hasMore: false,
      isLoadingMore: false,
      ...nothing,
    }),
  }
}
