/**
 * What somebody has begun to write: kept in this browser every second, and on all own devices, no longer here, when they leave it.
 *
 * What tells a secret is kept nowhere.
 *
 *     keep ─▶ localStorage `effigy-draft/<account of this browser>/<about>`
 *     share ─▶ device_state `draft/<about>`        the newer of both is shown again
 *
 * @module
 */
import { type Attachment, type Json, type Mention, parseIdentity, type Root } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
import { pageAccountName } from '../../app/accounts.ts'
import { ownIdentities } from '../../app/own-identities.ts'
import { secretIn } from '../secret-guard/secret-in.ts'
import type { Audience } from './audience.ts'

export interface Draft {
  readonly text: string
  /** Content warning; empty: none. */
  readonly warning: string
  /** Stored for a day: what went since is left out. */
  readonly attachments: readonly Attachment[]
  /** Who was chosen; those whose name still stands in the text are named. */
  readonly mentions: readonly Mention[]
  /** Never wider than it was: what was meant for some does not come back as something for all. */
  readonly audience: Audience
  /** ms. */
  readonly at: number
}

/** `new`, `reply/<content>`, `edit/<content>`, `shared/<ms>`: one draft each. */
export type DraftName = string

const prefix = 'effigy-draft/'
/** Of a device, as they were kept once: a lock gives a browser another one. */
const formerPrefix = `${prefix}did:`
const localKey = (name: DraftName): string => `${prefix}${pageAccountName()}/${name}`
const sharedKey = (name: DraftName): string => `draft/${name}`

export function isEmpty({ text, warning, attachments }: Draft): boolean {
  return text.trim() === '' && warning.trim() === '' && attachments.length === 0
}

/** As it may be kept: null when there is nothing in it, or what nobody else may ever see. Rejects where nobody can tell without the list. */
export async function keepable(draft: Draft): Promise<Draft | null> {
  if (isEmpty(draft)) return null
  const described = draft.attachments.map((one) =>
    'alt' in one && typeof one.alt === 'string' ? one.alt : '',
  )
  for (const text of [draft.text, draft.warning, ...described]) {
    if ((await secretIn(text)) !== null) return null
  }
  return draft
}

/** In this browser, at once. Null forgets it. A browser that keeps nothing keeps no drafts. */
export function keepDraft(name: DraftName, draft: Draft | null): void {
  try {
    if (draft === null) localStorage.removeItem(localKey(name))
    else localStorage.setItem(localKey(name), JSON.stringify(draft))
  } catch {
    // Full, or not allowed: it is on the screen still, and shared when it is left.
  }
}

/** In this browser; what was written since stays. */
function forgetDraft(name: DraftName, draft: Draft): void {
  if (JSON.stringify(keptDraft(name)) === JSON.stringify(draft)) keepDraft(name, null)
}

/** All of the account of this page, which goes from this browser; and those of devices, of which nobody knows whose they are. */
export function forgetDrafts(): void {
  for (const key of [...keysFrom(localKey('')), ...keysFrom(formerPrefix)]) localStorage.removeItem(key)
}

function keysFrom(start: string): readonly string[] {
  const keys = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at))
  return keys.filter((key) => key?.startsWith(start) === true) as string[]
}

/** What was kept under the name of a device of this account, this one or one before it, stands under the account from now on. */
async function moveFormer(peer: RemotePeer): Promise<void> {
  if (keysFrom(formerPrefix).length === 0) return
  for (const identity of await ownIdentities(peer)) {
    const start = `${prefix}${identity}/`
    for (const key of keysFrom(start)) {
      const name = key.slice(start.length)
      if (localStorage.getItem(localKey(name)) === null)
        localStorage.setItem(localKey(name), localStorage.getItem(key) ?? '')
      localStorage.removeItem(key)
    }
  }
}

/** The newest that is known of it here. */
export async function findDraft(peer: RemotePeer, name: DraftName): Promise<Draft | null> {
  await moveFormer(peer)
  const shared = readDraft(await peer.state.value(sharedKey(name)))
  const local = keptDraft(name)
  if (local === null || shared === null) return local ?? shared
  return local.at >= shared.at ? local : shared
}

function keptDraft(name: DraftName): Draft | null {
  try {
    return readDraft(JSON.parse(localStorage.getItem(localKey(name)) ?? 'null'))
  } catch {
    return null
  }
}

export interface NamedDraft {
  readonly name: DraftName
  readonly draft: Draft
}

/** Those here whose name begins so: a page that ended at once may not have shared them. */
export function keptDrafts(start: DraftName): readonly NamedDraft[] {
  const names = keysFrom(localKey(start)).map((key) => key.slice(localKey('').length))
  return names.flatMap((name) => {
    const draft = keptDraft(name)
    return draft === null ? [] : [{ name, draft }]
  })
}

/** To all own devices; null: it was sent, or thrown away. Rejects as `publish` does. */
export async function shareDraft(peer: RemotePeer, name: DraftName, draft: Draft | null): Promise<void> {
  await peer.state.set([[sharedKey(name), draft as unknown as Json]])
}

export interface DraftLine {
  /**
   * Keeps it here, and on all own devices if it `isShared`, behind what was put before; null of `keepable` forgets it. Where
   * nobody can tell whether it may be kept, what was there before stays. Rejects as `keepable` and `shareDraft` do.
   */
  put(peer: RemotePeer, name: DraftName, draft: Draft, isShared: boolean): Promise<void>
}

/** Whether one may be kept is known a while after it is written: one after the other, so that the newest stays. */
export function createDraftLine(): DraftLine {
  let keeping: Promise<unknown> = Promise.resolve()
  // Apart: while nobody has the peer, what is typed is kept here all the same.
  let sharing: Promise<unknown> = Promise.resolve()

  return {
    async put(peer, name, draft, isShared) {
      const kept = keeping.then(async () => {
        const may = await keepable(draft)
        keepDraft(name, may)
        return may
      })
      keeping = kept.catch(() => {})
      if (!isShared) {
        await kept
        return
      }
      const before = sharing
      const shared = kept.then(async (may) => {
        await before
        await shareDraft(peer, name, may)
        // It stands with everything else from now on.
        if (may !== null) forgetDraft(name, may)
      })
      sharing = Promise.allSettled([before, shared])
      await shared
    },
  }
}

/** All that is kept of this account in this browser alone; then nothing is. Rejects as `DraftLine.put`. */
export async function shareKept(peer: RemotePeer): Promise<void> {
  await moveFormer(peer)
  const line = createDraftLine()
  for (const { name, draft } of keptDrafts('')) {
    const shared = readDraft(await peer.state.value(sharedKey(name)))
    if (shared !== null && shared.at >= draft.at) keepDraft(name, null)
    else await line.put(peer, name, draft, true)
  }
}

/** Null: no draft of ours, whoever wrote it. */
export function readDraft(value: unknown): Draft | null {
  if (typeof value !== 'object' || value === null) return null
  const { text, warning, attachments, mentions, audience, at } = value as Partial<
    Record<keyof Draft, unknown>
  >
  const isOurs =
    typeof text === 'string' &&
    typeof warning === 'string' &&
    typeof at === 'number' &&
    Array.isArray(attachments) &&
    attachments.every((one) => typeof one === 'object' && one !== null && typeof one.type === 'string') &&
    Array.isArray(mentions)
  const to = readAudience(audience)
  if (!isOurs || to === null) return null
  return {
    text,
    warning,
    attachments,
    mentions: mentions.flatMap((one) => readMention(one) ?? []),
    audience: to,
    at,
  }
}

function readAudience(value: unknown): Audience | null {
  if (typeof value !== 'object' || value === null) return null
  const { type, to, id } = value as { readonly type?: unknown; readonly to?: unknown; readonly id?: unknown }
  if (type === 'all') return { type }
  if (type === 'group') return typeof id === 'string' ? { type, id } : null
  if (type !== 'people' || !Array.isArray(to)) return null
  return { type, to: to.flatMap((one) => (typeof one === 'string' ? (parseIdentity(one) ?? []) : [])) }
}

function readMention(value: unknown): Mention | null {
  if (typeof value !== 'object' || value === null) return null
  const { identity, root, name } = value as Partial<Record<keyof Mention, unknown>>
  const who = typeof identity === 'string' ? parseIdentity(identity) : null
  if (who === null || typeof name !== 'string' || (root !== null && typeof root !== 'string')) return null
  // The schema of notes looks at it again before anything is published.
  return { identity: who, root: root as Root | null, name }
}
