/**
 * Which entries change trust, keys or readers, or delete (spec F8): their signatures are checked
 * as soon as they come, and not behind a hundred thousand others.
 *
 * @module
 */
import { waitsForSignature } from '@effigy/store'

const typePattern = /"type":"([a-z_]+)"/g

const plainStart = '{"type":"public_note",'

/** Looks at the text alone: an inner `type` may make one check too many, never one too few. */
export function changesTrust(payload: string): boolean {
  // Nearly all are notes, and searching for a text is ten times as fast as matching.
  if (payload.startsWith(plainStart) && !payload.includes('"type":', plainStart.length)) return false
  if (!payload.includes('"type":')) return false
  for (const [, type = ''] of payload.matchAll(typePattern)) if (waitsForSignature(type)) return true
  return false
}
