/**
 * What a person does with their own feed: publish, edit, remove, erase.
 *
 *     Payload ─publish.ts▶ Draft ─writer.ts▶ entry, head record ─▶ durable
 *
 * Entries are named by their CIDs, which a rebase changes for all above it: one that was named before and
 * moved meanwhile is found again by its content.
 *
 * @module
 */
import {
  type ContentName,
  EffigyError,
  type HeadRecord,
  type Identity,
  type Payload,
  parseRawCid,
  parseUtf8,
  type RawCid,
  type RebaseEdit,
  readPayload,
  wasOfEdit,
} from '@effigy/core'
import type { Store, StoredEntry } from '@effigy/store'
import type { Clock } from '@effigy/sync'
import { releaseUploads } from './files.ts'
import type { Published } from './peer.ts'
import { type DraftDeps, type DraftOptions, draftOf } from './publish.ts'
import { assertQuotable } from './quotable.ts'
import type { Writer } from './writer.ts'

/** Further back than this, an edit is an erase and a new entry: rewriting would cost every follower more. */
export const maxRewritten = 1_000

export interface AuthoringDeps {
  readonly store: Store
  readonly identity: Identity
  readonly clock: Clock
  readonly writer: Writer
  readonly drafts: DraftDeps
  /** This device and the others of its account: what they wrote may be erased and edited from here. */
  readonly devices: () => readonly Identity[]
  /** Publishes what takes the place of an own note for some, for the same people; null when it was none. */
  readonly sayAgain: (author: Identity, content: RawCid, payload: Payload) => Promise<Published | null>
  /** Throws an `EffigyError` when nothing may be written now. */
  readonly assertMayWrite: () => void
  /** The same for a rebase. */
  readonly assertMayRewrite: () => void
}

export interface Authoring {
  publish(payload: Payload, options?: DraftOptions): Promise<Published>
  edit(entry: RawCid, payload: Payload): Promise<Published>
  remove(entries: readonly RawCid[]): Promise<HeadRecord>
  erase(contents: readonly (RawCid | ContentName)[]): Promise<Published>
}

export function createAuthoring(deps: AuthoringDeps): Authoring {
  const { store, identity, clock, writer, drafts, devices, assertMayWrite, assertMayRewrite } = deps
  const { sayAgain } = deps

  async function publish(payload: Payload, options: DraftOptions = {}): Promise<Published> {
    assertMayWrite()
    assertQuotable(payload, { store, self: identity })
    const { draft, content, opened, uploads } = await draftOf(payload, options, drafts)
    const { entry, record } = await writer.append(draft)
    if (opened !== null) store.rememberOpened(identity, content, opened)
    releaseUploads(store, uploads)
    return { cid: entry.cid, content, record }
  }

  /** Where an entry stands now; null when it has left the feed. */
  function placeOf({ signed, content }: StoredEntry): RawCid | null {
    const author = signed.entry.identity
    if (store.entryAt(author, signed.entry.length)?.signed.cid === signed.cid) return signed.cid
    const item = store.resolve(author, content)
    return item?.identity === author && item.content === content ? item.cid : null
  }

  function ownEntry(cid: RawCid, authors: readonly Identity[] = [identity]): StoredEntry {
    const stored = store.entry(cid)
    if (stored !== null && authors.includes(stored.signed.entry.identity) && placeOf(stored) !== null)
      return stored
    throw notOwn(
      'This is no entry of this device, or no longer one. Look at the newest state and choose again.',
    )
  }

  /** The payload of an own entry, as published; null when it is encrypted, or its text is not here. */
  function payloadOf({ signed, body }: StoredEntry): Payload | null {
    const { payload } = signed.entry
    const detached = parseRawCid(payload)
    const block = detached === null ? null : (body ?? store.block(detached))
    const text = detached === null ? payload : block && parseUtf8(block)
    const read = text === null ? null : readPayload(text, { detached: detached !== null })
    return read?.ok === true ? read.value : null
  }

  /** What an own entry said that was sealed; null when it is not open here. */
  function openedOf({ signed, content }: StoredEntry): Payload | null {
    const author = signed.entry.identity
    const item = store.resolve(author, content)
    const isIt = item?.identity === author && item.content === content
    return isIt && item.state.type === 'shown' ? item.state.payload : null
  }

  async function edit(cid: RawCid, payload: Payload): Promise<Published> {
    assertMayWrite()
    const stored = ownEntry(cid, devices())
    const author = stored.signed.entry.identity
    if (author === identity) assertMayRewrite()
    const clear = payloadOf(stored)
    const old = clear ?? openedOf(stored)
    if (old === null || old.type !== payload.type) {
      throw notEditable()
    }
    const was = wasOfEdit({ identity: author, content: stored.content }, old.was ?? [])
    const edited = { ...payload, was } as Payload
    assertQuotable(edited, { store, self: identity })
    if (clear === null) {
      const said = await sayAgain(author, stored.content, edited)
      if (said === null) throw notEditable()
      await erase([{ identity: author, content: stored.content }])
      return said
    }
    const detached = parseRawCid(stored.signed.entry.payload) !== null
    const newest = store.feed(identity)?.record?.head.length ?? 0
    if (author !== identity || newest - stored.signed.entry.length > maxRewritten) {
      // One after the other: what cannot be published must not cost the old text.
      const published = await publish(edited, { detached })
      await erase([{ identity: author, content: stored.content }])
      return published
    }
    const { draft, content, uploads } = await draftOf(edited, { detached }, drafts)
    const replace: RebaseEdit = { type: 'replace', payload: draft.payload, links: draft.links }
    const bodies = new Map(draft.body === null ? [] : [[content, draft.body]])
    const record = await writer.rebase(() => editsOf([stored], replace), bodies)
    const item = store.resolve(identity, content)
    if (record === null || item === null) {
      throw notOwn(
        'This entry left the feed while it was edited. Publish the new text as an entry of its own.',
      )
    }
    releaseUploads(store, uploads)
    return { cid: item.cid, content, record }
  }

  async function remove(cids: readonly RawCid[]): Promise<HeadRecord> {
    assertMayRewrite()
    const stored = cids.map((cid) => ownEntry(cid))
    const record = await writer.rebase(() => editsOf(stored, { type: 'delete' }), new Map())
    if (record === null)
      throw notOwn('None of these entries is in the feed any more. There is nothing to remove.')
    return record
  }

  function editsOf(stored: readonly StoredEntry[], edit: RebaseEdit): ReadonlyMap<RawCid, RebaseEdit> {
    const edits = new Map<RawCid, RebaseEdit>()
    for (const one of stored) {
      const cid = placeOf(one)
      if (cid !== null) edits.set(cid, edit)
    }
    return edits
  }

  async function erase(contents: readonly (RawCid | ContentName)[]): Promise<Published> {
    const targets = contents.map((one) => (typeof one === 'string' ? { identity, content: one } : one))
    const own = devices()
    if (!targets.every((target) => own.includes(target.identity))) {
      throw notOwn('Somebody else wrote this. Only what your own devices wrote can be erased by you.')
    }
    return publish({ type: 'erase', at: clock.now(), targets } as Payload)
  }

  return { publish, edit, remove, erase }
}

function notEditable(): EffigyError {
  const message = 'An entry can only become another one of its kind. Erase it and publish a new one.'
  return new EffigyError('not-editable', message)
}

function notOwn(message: string): EffigyError {
  return new EffigyError('not-own-entry', message)
}
