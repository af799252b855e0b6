/**
 * What stands in an invite.
 *
 * @module
 */
import { type InviteCode, type InviteCodeFault, parseInviteCode, type Result } from '@effigy/core'
import { sha256 } from '@noble/hashes/sha2.js'

export function readInvite(text: string): Result<InviteCode, InviteCodeFault> {
  return parseInviteCode(text, { nowMs: Date.now(), sha256 })
}
