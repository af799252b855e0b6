/**
 * Which entries change trust, keys or readers, or delete (spec F8): their signatures are checked
 * as soon as they come, and not behind a hundred thousand others.
 *
 * @module
 */
import { waitsForSignature } from '@effigy/store'

const typePattern = /"type":"([a-z_]+)"/g

/** Looks at the text alone: an inner `type` may make one check too many, never one too few. */
export function changesTrust(payload: string): boolean {
  for (const [, type = ''] of payload.matchAll(typePattern)) if (waitsForSignature(type)) return true
  return false
}
