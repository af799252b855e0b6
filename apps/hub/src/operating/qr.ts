/**
 * A text as a QR code on a terminal, for the camera of a phone.
 *
 *     ws://192.168.1.7:7337/effigy/1#did:key:… ─encodeQR▶ blocks of half a line each, where they fit
 *
 * @module
 */
import { encodeQR } from 'qr'

/** What is drawn on. */
export interface Terminal {
  /** Null: nobody looks, it is a file or a pipe. */
  readonly columns: number | null
}

/** Null where nobody looks, or it would be broken over lines and read by no camera. */
export function drawQr({ columns }: Terminal, text: string): string | null {
  if (columns === null) return null
  const drawn = encodeQR(text, 'ascii', { ecc: 'low' }).replace(/\n+$/, '')
  const width = Math.max(...drawn.split('\n').map((line) => line.length))
  return width <= columns ? drawn : null
}
