/**
 * `peer.conversations`: what some people say to each other, and nobody else reads (spec Q20 to Q28).
 *
 *     write, answer ─▶ own feed, sealed        list, messages, readers ◀─ what is here, opened
 *
 * @module
 */
import type { Account, Identity, PrivateNote, RawCid } from '@effigy/core'
import type { Conversation, Item, Page, PageRequest } from '@effigy/store'
import type { Published } from '../peer.ts'
import type { PeerRequests } from './requests.ts'

/** What is said; whom to and when come by themselves. */
export type NoteDraft = Omit<PrivateNote, 'type' | 'at' | 'to' | 'was' | 'salt'>

/** Which conversation it is. */
export interface ConversationTitle extends Conversation {
  /** Of a group; null: it is none, or nothing is known of it any more. */
  readonly title: string | null
}

export interface ConversationView extends ConversationTitle {
  /** `asks`: strangers began it, and it waits for a word of this person; `ignored`: they were ignored, or may not write. */
  readonly state: 'open' | 'asks' | 'ignored'
  /** While it is not open: who began it. */
  readonly asker: Account | null
  /**
   * Of what one said there to somebody who neither follows one, as far as is known, nor answered: whether a first message
   * was left in their drop box. Null: there is nobody like that.
   */
  readonly knock: 'left' | 'not-left' | null
  /** Null: it went meanwhile. */
  readonly newest: Item | null
  /** Messages of others that no own device has marked as read. */
  readonly unread: number
}

export interface WrittenNote extends Published {
  /** The name of its conversation. */
  readonly conversation: string
  /** Who can read it, besides oneself: all of their devices as they are known here, and nobody who joins later. */
  readonly readers: readonly Account[]
}

/** A content read key, without itself. */
export interface ReadKeyView {
  readonly giver: Identity
  /** 16 bytes, base64url. */
  readonly conversation: string
  readonly generation: number
  /** Null: those of a group. */
  readonly persons: readonly Account[] | null
  /** 32 bytes, when asked for; null else. */
  readonly key: Uint8Array | null
}

export interface PeerConversations extends PeerRequests {
  /**
   * Says something to the accounts of these identities (at most 16), or to oneself when there are none. Durable when it
   * resolves. Throws `EffigyError` 'no-box-key' (somebody whose devices are not known here: nothing was written), 'too-many-people', 'file-in-clear', and
   * as `publish` does.
   */
  write(to: readonly Identity[], note: NoteDraft): Promise<WrittenNote>
  /** The same to the people of a conversation, or to a group, whether something was said there or not; 'no-conversation'. */
  answer(name: string, note: NoteDraft): Promise<WrittenNote>
  /** The name of the conversation of these people, whether they have said something or not. */
  nameOf(people: readonly Identity[]): string
  /** Resolves when everything sealed that is here was tried: until then messages may be missing. */
  opened(): Promise<void>
  /**
   * The newest first; without those whose people are all blocked or muted. `all`: those that ask too, and those that are
   * ignored.
   */
  list(page?: PageRequest & { readonly all?: boolean }): Page<ConversationView>
  /**
   * By its name of now, or by one of before it was known whose device somebody is: then it has another `name`. Of a group in
   * which nothing was said `newestAt` is 0.
   */
  show(name: string): ConversationView | null
  /** Ids of groups that are open, whether something was said there or not; of others nothing is shown unasked. */
  openGroups(): readonly string[]
  /** The newest first. While it asks, or is ignored, its very first alone: the rest is held back. */
  messages(name: string, page?: PageRequest): Page<Item>
  /** Who can read a message, as its author says, besides that author and oneself; null: it is none. */
  readers(author: Identity, content: RawCid): readonly Account[] | null
  /** The conversation that a message belongs to, for much less than `show`; null: it is none. */
  of(author: Identity, content: RawCid): ConversationTitle | null
  /** All that is here of it was read, on all own devices. */
  markRead(name: string): Promise<void>
  /** Content read keys, the newest first; `reveal`: with the keys themselves. */
  readKeys(options?: { readonly reveal?: boolean; readonly limit?: number }): readonly ReadKeyView[]
}

/** What knows of groups. */
export interface GroupPort {
  readonly ids: () => readonly string[]
  /** A device of each who did something there that counts, but leave; first of whoever made it. Empty: it is not known here. */
  readonly doers: (group: string) => readonly Identity[]
  /** Its members but oneself; null: it is not known here. */
  readonly members: (group: string) => readonly Account[] | null
  readonly title: (group: string) => string | null
  readonly write: (group: string, note: NoteDraft) => Promise<Published>
  /** Whether it was sealed under a key that its author had as a member (Q16). */
  readonly counts: (group: string, author: Identity, content: RawCid) => boolean
}
