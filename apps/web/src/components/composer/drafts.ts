/**
 * What somebody has begun to write: kept in this browser every second, and on all own devices when they leave it.
 *
 *     keep ─▶ localStorage        share ─▶ device_state `draft/<about>`        the newer of both is shown again
 *
 * @module
 */
import { type Attachment, type Identity, type Json, parseIdentity } from '@effigy/core'
import type { RemotePeer } from '@effigy/peer/page'

export interface Draft {
  readonly text: string
  /** Content warning; empty: none. */
  readonly warning: string
  /** Stored for a day: what went since is left out. */
  readonly attachments: readonly Attachment[]
  /** Whom it is to; empty: everybody. */
  readonly to: readonly Identity[]
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
  const { text, warning, attachments, to, at } = value as Partial<Record<keyof Draft, unknown>>
  const isOurs =
    typeof text === 'string' &&
    typeof warning === 'string' &&
    typeof at === 'number' &&
    Array.isArray(attachments) &&
    attachments.every((one) => typeof one === 'object' && one !== null && typeof one.type === 'string') &&
    Array.isArray(to)
  if (!isOurs) return null
  const people = to.flatMap((one) => (typeof one === 'string' ? (parseIdentity(one) ?? []) : []))
  return { text, warning, attachments, to: people, at }
}
