/**
 * The keys inside payloads: of files (spec P6), of conversations and feeds (P16), of accounts (P17).
 *
 *     Payload ─withoutSecrets▶ what may be printed        Payload ─fileSecret▶ what opens one of its files
 *
 * @module
 */
import type { Cid } from '../names.ts'
import type { FileSecret, ImageFile, MediaFile } from './files.ts'
import type { Payload } from './known.ts'

/** What opens a blob that this payload shows; null when it comes without a key. */
export function fileSecret(payload: Payload, blob: Cid): FileSecret | null {
  return filesOf(payload).find((file) => file.blob === blob && file.secret !== undefined)?.secret ?? null
}

/** The payload for screens and scripts: keys and shares in it are null. */
export function withoutSecrets(payload: Payload): object {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment': {
      const { attachments } = payload
      return attachments === undefined ? payload : { ...payload, attachments: attachments.map(withoutKey) }
    }
    case 'image':
    case 'media':
      return withoutKey(payload)
    case 'identification':
    case 'synod':
    case 'group':
      return 'avatar' in payload && payload.avatar !== null
        ? { ...payload, avatar: withoutKey(payload.avatar) }
        : payload
    case 'read_key':
      return payload.kind === 'content'
        ? { ...payload, key: null, former: payload.former.map(([generation]) => [generation, null]) }
        : { ...payload, key: null }
    case 'recovery_share':
      return { ...payload, share: null }
    default:
      return payload
  }
}

function withoutKey(file: object): object {
  return 'secret' in file ? { ...file, secret: { ...(file.secret as FileSecret), key: null } } : file
}

/** The files that may come with a key. */
function filesOf(payload: Payload): readonly (ImageFile | MediaFile)[] {
  switch (payload.type) {
    case 'public_note':
    case 'private_note':
    case 'comment':
      return (payload.attachments ?? []).filter((item) => item.type === 'image' || item.type === 'media')
    case 'image':
    case 'media':
      return [payload]
    case 'identification':
    case 'synod':
    case 'group':
      return 'avatar' in payload && payload.avatar !== null ? [payload.avatar] : []
    default:
      return []
  }
}
