/**
 * A text as a QR code on a terminal, for a camera on the other side.
 *
 *     effigy-link-1-… ─encodeQR▶ blocks of half a line each, where they fit
 *
 * @module
 */
import { encodeQR } from 'qr'
import type { OutputStream } from './output.ts'

/** Where a code is not surely read by a camera it is not drawn. */
const usualColumns = 80

/** Null where nobody looks, or it would be broken over lines. */
export function qrFor(stream: Pick<OutputStream, 'isTTY' | 'columns'>, text: string): string | null {
  if (stream.isTTY !== true) return null
  const drawn = encodeQR(text, 'ascii', { ecc: 'low' }).replace(/\n+$/, '')
  const width = Math.max(...drawn.split('\n').map((line) => line.length))
  return width <= (stream.columns ?? usualColumns) ? drawn : null
}
