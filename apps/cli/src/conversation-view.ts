/**
 * Conversations as people and programs read them.
 *
 *     ConversationView ─conversationJson▶ one stable object        ─conversationLines▶ two calm lines
 *
 * @module
 */
import type { Identity, Root } from '@effigy/core'
import type { ConversationView, Peer } from '@effigy/peer'
import { matchesShort, minShortLength } from './arguments.ts'
import { failure } from './failure.ts'
import { type ItemJson, itemJson, itemLines, localTime, type Names } from './item-view.ts'
import { privateSay as say } from './messages/index.ts'
import { findPerson } from './people.ts'
import { calmLine, type Paint } from './terminal-text.ts'

/** The object of `--json` for a conversation; fields are only ever added. */
export interface ConversationJson {
  readonly conversation: string
  readonly kind: 'people' | 'group'
  /** Of a group; null: it is none, or not known here. */
  readonly name: string | null
  /** All but oneself. */
  readonly people: readonly {
    readonly identity: Identity
    readonly root: Root | null
    readonly name: string | null
  }[]
  /** `asks`: strangers began it, and its first message alone is shown; `ignored`: nothing of it is wanted. */
  readonly state: ConversationView['state']
  readonly unread: number
  /** ms. */
  readonly newestAt: number
  readonly newest: ItemJson | null
}

/** Conversations that are looked through for what was typed. */
const maxLooked = 500

/** The name of the conversation that `typed` means: its own, six characters of it or more, or a person. */
export function findConversation(peer: Peer, typed: string): string {
  if (peer.conversations.show(typed) !== null) return typed
  if (typed.length >= minShortLength) {
    const { items } = peer.conversations.list({ limit: maxLooked, all: true })
    const found = items.filter(({ name }) => matchesShort(name, typed, 'p'))
    if (found.length > 1) {
      throw failure('identity-ambiguous', calmLine(typed), found.map(({ name }) => name).join(', '))
    }
    if (found[0] !== undefined) return found[0].name
  }
  return peer.conversations.nameOf(typed === 'me' ? [] : [findPerson(peer, typed)])
}

export function conversationJson(peer: Peer, view: ConversationView, names: Names): ConversationJson {
  const { name, kind, persons, state, unread, newestAt, newest } = view
  return {
    conversation: name,
    kind,
    name: groupName(peer, view),
    people: persons.map(({ identity, root }) => ({ identity, root, name: names.nameOf(identity) })),
    state,
    unread,
    newestAt,
    newest: newest === null ? null : itemJson(newest, names),
  }
}

export function conversationLines(
  peer: Peer,
  view: ConversationView,
  names: Names,
  paint: Paint,
): readonly string[] {
  const marks = [localTime(view.newestAt), say.unread(view.unread), view.name].filter((mark) => mark !== '')
  const heading = `${paint('bold', titleOf(peer, view, names))}  ${paint('dim', marks.join(' · '))}`
  const said = view.newest === null ? [] : itemLines(view.newest, names, paint).slice(1, 2)
  const asks = view.state === 'asks' ? [paint('dim', say.asks)] : []
  return [heading, ...said, ...asks, '']
}

/** Who is in it, in one line. */
export function titleOf(peer: Peer, view: ConversationView, names: Names): string {
  if (view.kind === 'group') {
    const name = groupName(peer, view)
    return name === null ? say.unknownGroup : say.group(calmLine(name))
  }
  return view.persons.length === 0
    ? say.oneself
    : view.persons.map(({ identity }) => names.label(identity)).join(', ')
}

function groupName(peer: Peer, { kind, name }: ConversationView): string | null {
  return kind === 'group' ? (peer.groups.show(name.slice(1))?.name ?? null) : null
}
