/**
 * Which sealed payloads count, by how and by whom they were sealed (spec X1, X2, X6, X7).
 *
 *     age: context ─┬ note ─────────────▶ what people say to each other
 *                   ├ read_key/<name>/<n> ▶ that key          share ─▶ a recovery share
 *                   └ state ────────────▶ anything, of own devices alone
 *     box: ───────────────────────────────▶ what people say to each other
 *
 * @module
 */
import type { Payload, ReadKey } from '@effigy/core'

/** What people say to each other. */
export const saidTypes = ['private_note', 'public_note', 'comment', 'image', 'media', 'collection'] as const

/** What may be told to some: none of it changes trust, keys or devices, and none is written to oneself. */
const toldTypes: ReadonlySet<string> = new Set([...saidTypes, 'tag', 'group', 'missed_call', 'report'])

/** A payload that some may be told, sealed under a key of a conversation or with context `note`. */
export function isMessage({ type }: Payload): boolean {
  return toldTypes.has(type) || type.startsWith('x-')
}

/** The context under which a read key is handed out. */
export function keyContext(key: Pick<ReadKey, 'kind'> & KeyNames): string {
  return key.kind === 'content'
    ? `read_key/${key.conversation}/${key.generation}`
    : `read_key/${key.feed}/${key.epoch}`
}

interface KeyNames {
  readonly conversation?: string
  readonly generation?: number
  readonly feed?: string
  readonly epoch?: number
}

/** Whether a payload that was sealed with this context counts. `isOwn`: an own device sealed it. */
export function fitsContext(context: string, payload: Payload, isOwn: boolean): boolean {
  switch (context) {
    case 'note':
      return isMessage(payload)
    case 'share':
      return payload.type === 'recovery_share'
    case 'state':
      return isOwn
    default:
      return payload.type === 'read_key' && context === keyContext(payload as ReadKey)
  }
}

/** The same for a text that an own device told: how it was sealed is not known. */
export function mayBeTold(payload: Payload, isOwn: boolean): boolean {
  return isOwn || isMessage(payload) || payload.type === 'read_key' || payload.type === 'recovery_share'
}
