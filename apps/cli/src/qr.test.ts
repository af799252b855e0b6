import { decodeQR } from 'qr/decode.js'
import { expect, test } from 'vitest'
import { qrFor } from './qr.ts'

const code = `effigy-link-1-${'Ab3_'.repeat(80)}`

/** What a camera sees of a terminal: a cell is one module wide and two high. */
function pixels(drawn: string): {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
} {
  const scale = 4
  const cells = drawn.split('\n').map((line) => [...line])
  const rows = cells.flatMap((line) => [
    line.map((cell) => cell === '█' || cell === '▀'),
    line.map((cell) => cell === '█' || cell === '▄'),
  ])
  const [width, height] = [scale * (rows[0]?.length ?? 0), scale * rows.length]
  const data = new Uint8Array(4 * width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isLit = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true
      data.set(isLit ? [255, 255, 255, 255] : [0, 0, 0, 255], 4 * (y * width + x))
    }
  }
  return { width, height, data }
}

test('a code is drawn on a wide terminal, and a camera reads it', () => {
  const drawn = qrFor({ isTTY: true, columns: 120 }, code)
  expect(drawn).not.toBeNull()
  expect(decodeQR(pixels(drawn ?? ''))).toBe(code)
})

test('nothing is drawn where it would be broken, or nobody looks', () => {
  expect(qrFor({ isTTY: true, columns: 60 }, code)).toBeNull()
  expect(qrFor({ columns: 200 }, code)).toBeNull()
})
