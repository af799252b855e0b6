/**
 * Which conversations are open, which ask, and whose words in them are shown (spec Q25, Q26).
 *
 *     somebody known said something there, or did something in the group ─▶ open, without what somebody ignored says
 *     nobody: by whoever said the first, or made the group ───────────────▶ asks │ ignored
 *
 * To be in a group is nothing: whoever makes one puts into it whom they like.
 *
 * @module
 */
import type { Account, Identity, RawCid } from '@effigy/core'
import type { Conversation, Conversations, Item } from '@effigy/store'
import type { CorrespondentsNow } from './correspondents.ts'
import type { ConversationView, GroupPort } from './peer-conversations.ts'

export interface Judging {
  stateOf(conversation: Conversation, now: CorrespondentsNow): ConversationView['state']
  /** Who waits for a word, or was told one; null: nothing was said there. */
  askerOf(conversation: Conversation): Identity | null
  /** All that is shown of one that is not open; null: nothing. */
  firstOf(conversation: Conversation, now: CorrespondentsNow): Item | null
  /** Whose words are shown in one that is open. */
  isHeard(conversation: Conversation, now: CorrespondentsNow): (author: Identity) => boolean
  /** Of the messages of a group those under a key that their author had as a member. */
  counts(conversation: Conversation, author: Identity, content: RawCid): boolean
  /** Whoever was never of a group can hand out a key of their own for it: nothing under it counts. */
  speaksIn(conversation: Conversation, author: Identity): boolean
}

export interface JudgingPorts {
  readonly talk: Conversations | undefined
  readonly groups: () => GroupPort | null
}

export function createJudging({ talk, groups }: JudgingPorts): Judging {
  const authorsOf = ({ name }: Conversation): readonly Identity[] =>
    (talk?.authors(name) ?? []).map(({ identity }) => identity)

  const doersOf = ({ kind, name }: Conversation): readonly Identity[] =>
    kind === 'group' ? (groups()?.doers(name.slice(1)) ?? []) : []

  const counts: Judging['counts'] = ({ kind, name }, author, content) =>
    kind !== 'group' || groups()?.counts(name.slice(1), author, content) === true

  function speaksIn(conversation: Conversation, author: Identity): boolean {
    if (conversation.kind !== 'group') return true
    const first = talk?.oldest(conversation.name, author) ?? null
    return first !== null && counts(conversation, author, first.content)
  }

  function isOpen(conversation: Conversation, now: CorrespondentsNow): boolean {
    const { kind, persons } = conversation
    const isKnown = (identity: Identity): boolean => now.stanceOf(identity) === 'known'
    if (kind === 'people') return persons.length === 0 || authorsOf(conversation).some(isKnown)
    const isMet = (identity: Identity): boolean => isKnown(identity) && !now.isHidden(alone(identity))
    return (
      doersOf(conversation).some(isMet) ||
      authorsOf(conversation).some((author) => isMet(author) && speaksIn(conversation, author))
    )
  }

  /** Whoever made a group is the first who did something in it. */
  const askerOf: Judging['askerOf'] = (conversation) =>
    doersOf(conversation)[0] ?? talk?.oldest(conversation.name)?.identity ?? null

  const mayAsk = (identity: Identity, now: CorrespondentsNow): boolean =>
    now.stanceOf(identity) === 'asks' && !now.isHidden(alone(identity))

  return {
    askerOf,
    counts,
    speaksIn,
    stateOf(conversation, now) {
      if (isOpen(conversation, now)) return 'open'
      const asker = askerOf(conversation)
      return asker !== null && mayAsk(asker, now) ? 'asks' : 'ignored'
    },
    firstOf(conversation, now) {
      const { kind, name } = conversation
      const isGroup = kind === 'group'
      const found = isGroup
        ? authorsOf(conversation).flatMap((author) => talk?.oldest(name, author) ?? [])
        : [talk?.oldest(name) ?? []].flat()
      const isShown = ({ identity, content }: Item): boolean =>
        isGroup
          ? mayAsk(identity, now) && counts(conversation, identity, content)
          : !now.isHidden(alone(identity))
      return found.filter(isShown).sort((a, b) => a.sort - b.sort)[0] ?? null
    },
    isHeard(conversation, now) {
      const isAnswered =
        conversation.kind === 'people' && authorsOf(conversation).some((author) => now.own.has(author))
      return (author) => !now.isHidden(alone(author)) && (isAnswered || now.stanceOf(author) !== 'ignored')
    },
  }
}

const alone = (identity: Identity): Account => ({ identity, root: null })
