/**
 * The state of the peer as its worker tells it, read once (spec O10).
 *
 * @module
 */
import { parseIdentity } from '@effigy/core'
import type { PeerState, StorageFacts } from '../remote/page-peer.ts'

type Fields = Readonly<Record<string, unknown>>

/** Null: it says what this version does not know. */
export function parsePeerState(fields: Fields): PeerState | null {
  switch (fields.type) {
    case 'starting': {
      const progress = asFields(fields.progress)
      if (progress === null) return { type: 'starting', progress: null }
      const { done, total } = progress
      if (typeof done !== 'number' || typeof total !== 'number') return null
      return { type: 'starting', progress: { done, total } }
    }
    case 'new': {
      const storage = factsOf(fields.storage)
      return storage === null ? null : { type: 'new', storage }
    }
    case 'locked':
      return typeof fields.wrong === 'number' ? { type: 'locked', wrong: fields.wrong } : null
    case 'open': {
      const storage = factsOf(fields.storage)
      const identity = typeof fields.identity === 'string' ? parseIdentity(fields.identity) : null
      const { continuity } = fields
      if (storage === null || identity === null) return null
      if (continuity !== 'continued' && continuity !== 'restored' && continuity !== 'absent') return null
      const isRenewing = fields.isRenewing === true && { isRenewing: true as const }
      return { type: 'open', identity, storage, continuity, ...isRenewing }
    }
    case 'failed': {
      const { code, message } = fields
      return typeof code === 'string' && typeof message === 'string'
        ? { type: 'failed', code, message }
        : null
    }
    case 'closed':
      return { type: 'closed' }
    default:
      return null
  }
}

function factsOf(value: unknown): StorageFacts | null {
  const fields = asFields(value)
  if (fields === null) return null
  const { persistence, reason, isGone } = fields
  if (persistence !== 'durable' && persistence !== 'memory') return null
  if (!(reason === null || typeof reason === 'string') || typeof isGone !== 'boolean') return null
  return { persistence, reason, isGone }
}

const asFields = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null ? (value as Fields) : null
