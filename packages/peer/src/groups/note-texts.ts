/**
 * Notes what is opened of groups, and for which conversation it was sealed (spec Q11, Q12, Q16).
 *
 *     opening ─group, read_key, messages▶ store.groupTexts ─▶ that group is judged again
 *
 * @module
 */
import {
  type Identity,
  operationsConversation,
  parseRawCid,
  parseUtf8,
  type RawCid,
  type ReadKey,
} from '@effigy/core'
import { type Crypto, openBox } from '@effigy/crypto'
import type { GroupTexts, Store } from '@effigy/store'
import { saidTypes } from '../private/contexts.ts'
import type { OpenedEntry, OpenedHook } from '../private/opening.ts'
import { keyHash } from './known-groups.ts'

/** What people say in groups. */
const messageTypes = [...saidTypes, 'tag'] as const

/** Texts that own devices told and that wait for a key that shows what they are. */
const maxTold = 4_096

export interface NoteTextsPorts {
  readonly store: Pick<Store, 'resolve' | 'entry' | 'block' | 'contentKeys'>
  readonly texts: GroupTexts
  readonly crypto: Crypto
  /** Something else is known of this conversation; null: a message, which changes nobody's group. */
  readonly changed: (conversation: string | null) => void
}

export interface NoteTexts {
  on(opening: { on(type: string, hook: OpenedHook): void }): void
  /** With keys that came meanwhile: what own devices told without saying for which conversation it was sealed. */
  tryAgain(): void
  /** Of one's own, as it is published. */
  operation(group: string, identity: Identity, content: RawCid): void
  handOut(conversation: string, identity: Identity, content: RawCid): void
  message(group: string, identity: Identity, content: RawCid, key: Uint8Array): void
}

export function createNoteTexts({ store, texts, crypto, changed }: NoteTextsPorts): NoteTexts {
  const add = (text: Parameters<GroupTexts['add']>[0], sort = 0): void => {
    if (texts.add(text, sort))
      changed(text.kind === 'message' || text.kind === 'told' ? null : text.conversation)
  }
  const none = { key: '' }
  /** Since what was told was tried last; at the start nobody knows. */
  let hasNewKeys = true

  function operation(group: string, identity: Identity, content: RawCid): void {
    add({ conversation: group, kind: 'operation', identity, content, ...none })
  }

  function handOut(conversation: string, identity: Identity, content: RawCid): void {
    add({ conversation, kind: 'key', identity, content, ...none })
  }

  function message(group: string, identity: Identity, content: RawCid, key: Uint8Array): void {
    const sort = store.resolve(identity, content, true)?.sort ?? 0
    const name = keyHash(key, crypto.sha256)
    add({ conversation: group, kind: 'message', identity, content, key: name }, sort)
  }

  /** Sealed for `conversation` under `key`. */
  function boxed(
    { author, content, payload }: Pick<OpenedEntry, 'author' | 'content' | 'payload'>,
    { conversation, key }: { readonly conversation: string; readonly key: Uint8Array },
  ): void {
    if (payload.type === 'group') {
      const expected = operationsConversation(payload.group, crypto.sha256)
      if (conversation === expected) operation(payload.group, author, content)
    } else if (texts.has(conversation, 'key')) {
      message(conversation, author, content, key)
    }
  }

  function hear(opened: OpenedEntry): void {
    const { author, content, by } = opened
    if (by.type === 'box') boxed(opened, by.key)
    if (by.type !== 'told' || tryTold(author, content) !== 'shut') return
    if (texts.count('', 'told') < maxTold) {
      add({ conversation: '', kind: 'told', identity: author, content, ...none })
    }
  }

  function hearKey({ author, content, payload }: OpenedEntry): void {
    const readKey = payload as ReadKey & { readonly prints?: readonly string[] }
    if (readKey.kind !== 'content' || readKey.prints === undefined || readKey.knows.length === 0) return
    handOut(readKey.conversation, author, content)
    hasNewKeys = true
  }

  function tryAgain(): void {
    if (!hasNewKeys) return
    hasNewKeys = false
    for (const told of texts.of('', 'told', maxTold)) {
      if (tryTold(told.identity, told.content) === 'opened') texts.remove(told.id)
    }
  }

  /** What was told without its conversation: a key that opens the sealed text shows it. */
  function tryTold(author: Identity, content: RawCid): 'opened' | 'shut' | 'no-box' {
    const item = store.resolve(author, content)
    if (item?.state.type !== 'shown') return 'shut'
    const text = sealedText(store, item.cid)
    if (text === null) return 'no-box'
    const opened = openBox(text, author, store.contentKeys?.candidates(author) ?? [], crypto)
    if (opened.ok) boxed({ author, content, payload: item.state.payload }, opened.value.key)
    return opened.ok ? 'opened' : 'shut'
  }

  return {
    on(opening) {
      opening.on('read_key', hearKey)
      for (const type of ['group', ...messageTypes]) opening.on(type, hear)
    },
    tryAgain,
    operation,
    handOut,
    message,
  }
}

/** The `box:` text of an entry; null when it has none, or it is not here. */
function sealedText(store: Pick<Store, 'entry' | 'block'>, cid: RawCid): string | null {
  const stored = store.entry(cid)
  if (stored === null) return null
  const { payload } = stored.signed.entry
  const detached = parseRawCid(payload)
  const block = detached === null ? null : (stored.body ?? store.block(detached))
  const text = detached === null ? payload : block === null ? null : parseUtf8(block)
  return text?.startsWith('box:') === true ? text : null
}
