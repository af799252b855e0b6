/**
 * What somebody has begun to write: kept in this browser every second, and on all own devices when they leave it.
 *
 *     keep ─▶ localStorage        share ─▶ device_state `draft/<about>`        the newer of both is shown again
 *
 * @module
 */
import {
  type Attachment,
  type Identity,
  type Json,
  type Mention,
  parseIdentity,
  type Root,
} from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'
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

/** `new`, `reply/<content>`: one draft each. Texts that are edited have none: what stands is not lost. */
export type DraftName = string

const localKey = (identity: Identity, name: DraftName): string => `effigy-draft/${identity}/${name}`
const sharedKey = (name: DraftName): string => `draft/${name}`

export function isEmpty({ text, warning, attachments }: Draft): boolean {
  return text.trim() === '' && warning.trim() === '' && attachments.length === 0
}

/** In this browser, at once. Null forgets it. A browser that keeps nothing keeps no drafts. */
export function keepDraft(identity: Identity, name: DraftName, draft: Draft | null): void {
  try {
    if (draft === null) localStorage.removeItem(localKey(identity, name))
    else localStorage.setItem(localKey(identity, name), JSON.stringify(draft))
  } catch {
    // Full, or not allowed: it is on the screen still, and shared when it is left.
  }
}

/** All of somebody who goes from this browser. */
export function forgetDrafts(identity: Identity): void {
  const prefix = localKey(identity, '')
  const keys = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at))
  for (const key of keys) if (key?.startsWith(prefix)) localStorage.removeItem(key)
}

/** The newest that is known of it here. */
export async function findDraft(peer: RemotePeer, name: DraftName): Promise<Draft | null> {
  const shared = readDraft(await peer.state.value(sharedKey(name)))
  const local = keptDraft(peer.identity, name)
  if (local === null || shared === null) return local ?? shared
  return local.at >= shared.at ? local : shared
}

export function keptDraft(identity: Identity, name: DraftName): Draft | null {
  try {
    return readDraft(JSON.parse(localStorage.getItem(localKey(identity, name)) ?? 'null'))
  } catch {
    return null
  }
}

/** To all own devices; null: it was sent, or thrown away. Rejects as `publish` does. */
export async function shareDraft(peer: RemotePeer, name: DraftName, draft: Draft | null): Promise<void> {
  await peer.state.set([[sharedKey(name), draft as unknown as Json]])
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
