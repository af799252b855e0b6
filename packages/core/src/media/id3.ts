/**
 * The tag in front of many sounds (ID3v2): only how long it is, to be left out.
 *
 * @module
 */
import { hasText } from '../images/read.ts'

/** Bytes of an ID3v2 tag, by its header; null when it is none. */
export function id3Length(head: Uint8Array): number | null {
  if (!hasText(head, 0, 'ID3') || head.length < 10) return null
  const sizes = head.subarray(6, 10)
  if (sizes.some((byte) => byte > 0x7f)) return null
  const size = sizes.reduce((total, byte) => total * 128 + byte, 0)
  return 10 + size + ((head[5] ?? 0) & 0x10 ? 10 : 0)
}
