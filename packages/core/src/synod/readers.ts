/**
 * Whom a text for an account is sealed to: its devices of now, and the recovery key (spec Y15).
 *
 *     Authority ─▶ box keys of members + recovery key ─▶ age
 *
 * @module
 */
import type { Identity } from '../names.ts'
import type { Authority } from './authority.ts'

export interface AccountReaders {
  /** Of each member its X25519 key, 32 bytes, base64url. Who was revoked, left or is contested is none (T21). */
  readonly devices: readonly { readonly identity: Identity; readonly box: string }[]
  /** The account's X25519 recovery key of now, 32 bytes, base64url: whoever has the phrase reads its past. */
  readonly recovery: string
}

/** Null while no state of the key in power counts: then nobody knows who reads, and nothing is sealed. */
export function readersOf({ current, standings }: Authority): AccountReaders | null {
  if (current === null) return null
  const devices = [...standings].flatMap(([identity, standing]) =>
    standing.type === 'member' ? [{ identity, box: standing.member[1] }] : [],
  )
  return { devices, recovery: current.state.recovery }
}
