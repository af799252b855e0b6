/**
 * The code by which a device joins an account (spec L4): shown on one device, read on the other.
 *
 *     {identity, secret, expires, root, places} ◀▶ effigy-link-1-…
 *
 * Whoever has it may try once to pair with who shows it: it is shown to nobody but oneself.
 *
 * @module
 */

import { parseRoot, type Root } from '../account/keys.ts'
import { encodeBase64url, parseBase64url } from '../base.ts'
import { type Identity, identityKey, identityOfKey } from '../names.ts'
import type { Sha256 } from '../ports.ts'
import { err, ok, type Result } from '../result.ts'
import { createByteReader, createByteWriter } from '../varint.ts'
import { type CodeTextFault, readCodeText, writeCodeText } from './code-text.ts'
import { type CodePlace, readPlace, writePlace } from './place.ts'

export interface LinkCode {
  /** The device that shows the code. */
  readonly identity: Identity
  /** 16 random bytes that go into the keys of the session (A4). */
  readonly secret: Uint8Array
  /** Ms since 1970 by the clock of who shows it. A claim: whether it still is good is decided there, without a wall clock. */
  readonly expires: number
  /** The account that one may join; null where the device that shows it is the one to join. */
  readonly root: Root | null
  /** Where it can be reached, best first; none where it dials itself. */
  readonly places: readonly CodePlace[]
}

export type LinkCodeFault =
  | CodeTextFault
  /** `late` is what it says: a wrong clock here is no reason that a person cannot overrule. */
  | { readonly code: 'code-expired'; readonly late: LinkCode }
  | { readonly code: 'code-used' }

export interface LinkCodeReading {
  /** Ms since 1970. */
  readonly nowMs: number
  /** Whether a code with this secret was used up here before. */
  readonly isUsed: (secret: Uint8Array) => boolean
  readonly sha256: Sha256
}

export const linkSecretBytes = 16

/** As many fit a code that can be scanned. */
export const maxPlaces = 4

/** Throws a RangeError for more than `maxPlaces`, an address that has no such form, a secret of another length. */
export function writeLinkCode(code: LinkCode, sha256: Sha256): string {
  const { identity, secret, expires, root, places } = code
  if (secret.length !== linkSecretBytes) throw new RangeError('the secret of a link code has 16 bytes')
  if (places.length > maxPlaces) throw new RangeError(`a code names at most ${maxPlaces} places`)
  const writer = createByteWriter()
  writer.bytes(identityKey(identity))
  writer.bytes(secret)
  writer.varint(expires)
  writer.byte(root === null ? 0 : 1)
  if (root !== null) writer.bytes(parseBase64url(root) as Uint8Array)
  writer.byte(places.length)
  for (const place of places) writePlace(writer, place)
  return writeCodeText('link', writer.take(), sha256)
}

/** What a person scanned or pasted where a link code was asked for. Never throws. */
export function parseLinkCode(
  text: string,
  { nowMs, isUsed, sha256 }: LinkCodeReading,
): Result<LinkCode, LinkCodeFault> {
  const body = readCodeText(text, 'link', sha256)
  if (!body.ok) return body
  const code = readBody(body.value)
  // The checksum fits: not a slip, and no writer of ours.
  if (code === null) return err({ code: 'code-damaged' })
  if (isUsed(code.secret)) return err({ code: 'code-used' })
  return nowMs >= code.expires ? err({ code: 'code-expired', late: code }) : ok(code)
}

function readBody(body: Uint8Array): LinkCode | null {
  const reader = createByteReader(body)
  const key = reader.bytes(32)
  const secret = reader.bytes(linkSecretBytes)
  const expires = reader.varint()
  const hasRoot = reader.byte()
  if (key === null || secret === null || expires === null || (hasRoot !== 0 && hasRoot !== 1)) return null
  const rootBytes = hasRoot === 1 ? reader.bytes(32) : null
  const root = rootBytes === null ? null : parseRoot(encodeBase64url(rootBytes))
  if (hasRoot === 1 && root === null) return null
  const count = reader.byte()
  if (count === null || count > maxPlaces) return null
  const places: CodePlace[] = []
  for (let index = 0; index < count; index++) {
    const place = readPlace(reader)
    if (place === null) return null
    places.push(place)
  }
  if (reader.left > 0) return null
  return { identity: identityOfKey(key), secret: secret.slice(), expires, root, places }
}
