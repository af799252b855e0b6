/**
 * SHA-256 of a text by OpenSSL, which reads it where it stands: to write its bytes down first takes as long as to hash them, and
 * nearly every entry of a first sync has its content inside.
 *
 * @module
 */
import { hash } from 'node:crypto'

/** Of its UTF-8, 32 bytes. A string in between: the one-shot hash makes one twice as fast as a Buffer. */
export function textDigest(text: string): Uint8Array {
  const binary = hash('sha256', text, 'binary')
  const digest = new Uint8Array(binary.length)
  for (let index = 0; index < digest.length; index++) digest[index] = binary.charCodeAt(index)
  return digest
}
