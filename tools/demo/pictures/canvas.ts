/**
 * A small canvas: colours between 0 and 1, painted by distance, so that every edge is smooth.
 *
 *     shape (x, y) ─▶ how far outside ─▶ how much of the pixel is covered ─▶ mixed over what is there
 *
 * The height is 1, whatever the pixels; x goes from 0 to `aspect`, y downwards from 0.
 *
 * @module
 */

export type Colour = readonly [red: number, green: number, blue: number]

/** Negative inside, positive outside; in heights of the picture. */
export type Shape = (x: number, y: number) => number

type Fill = (x: number, y: number) => Colour

export type Paint = Colour | Fill

export interface Canvas {
  readonly width: number
  readonly height: number
  readonly aspect: number
  /** Red, green, blue of each pixel, rows from the top. */
  readonly pixels: Float32Array
}

export interface PaintOptions {
  /** 1 when omitted. */
  readonly opacity?: number
  /** How wide the edge is, in heights; that of a pixel when omitted. */
  readonly soft?: number
}

export function createCanvas(width: number, height: number): Canvas {
  return { width, height, aspect: width / height, pixels: new Float32Array(width * height * 3) }
}

/** `#rrggbb`. */
export function colour(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

export function mix(from: Colour, to: Colour, share: number): Colour {
  const part = Math.min(1, Math.max(0, share))
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ]
}

export const smooth = (from: number, to: number, value: number): number => {
  const part = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return part * part * (3 - 2 * part)
}

/** Colours from top to bottom: `[y, colour]`, ascending. */
export function gradient(stops: readonly (readonly [number, string])[]): (x: number, y: number) => Colour {
  const known = stops.map(([at, hex]) => [at, colour(hex)] as const)
  return (_x, y) => {
    let before = known[0]
    for (const stop of known) {
      if (before !== undefined && y <= stop[0]) {
        const span = stop[0] - before[0]
        return span <= 0 ? stop[1] : mix(before[1], stop[1], (y - before[0]) / span)
      }
      before = stop
    }
    return before?.[1] ?? [0, 0, 0]
  }
}

/** Pixels a side of what is looked at as a whole first: most shapes are small. */
const tile = 16

export function paint(canvas: Canvas, shape: Shape, fill: Paint, options: PaintOptions = {}): void {
  const { width, height } = canvas
  const { opacity = 1, soft = 1.2 / height } = options
  // Distances of hills and folds are too large by a half at most.
  const reach = (tile / height) * Math.SQRT1_2 * 1.5 + soft
  const flat = typeof fill === 'function' ? null : fill
  for (let top = 0; top < height; top += tile) {
    for (let left = 0; left < width; left += tile) {
      const middle = shape((left + tile / 2) / height, (top + tile / 2) / height)
      if (middle > reach) continue
      const covered = middle < -reach ? opacity : null
      for (let row = top; row < Math.min(top + tile, height); row++) {
        const y = (row + 0.5) / height
        for (let column = left; column < Math.min(left + tile, width); column++) {
          const x = (column + 0.5) / height
          const share = covered ?? opacity * Math.min(1, Math.max(0, 0.5 - shape(x, y) / soft))
          if (share > 0) blend(canvas, (row * width + column) * 3, flat ?? (fill as Fill)(x, y), share)
        }
      }
    }
  }
}

function blend({ pixels }: Canvas, at: number, over: Colour, share: number): void {
  for (let part = 0; part < 3; part++) {
    const under = pixels[at + part] ?? 0
    pixels[at + part] = under + ((over[part] ?? 0) - under) * share
  }
}

/** Everywhere. */
export const everything: Shape = () => -1

/** Light over what is there, strongest in the middle; never whiter than white. */
export function glow(
  canvas: Canvas,
  [x, y]: readonly [number, number],
  radius: number,
  light: Colour,
  strength: number,
): void {
  const { width, height, pixels } = canvas
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const far = Math.hypot((column + 0.5) / height - x, (row + 0.5) / height - y) / radius
      if (far >= 1) continue
      const share = strength * (1 - far) ** 2
      const at = (row * width + column) * 3
      for (let part = 0; part < 3; part++)
        pixels[at + part] = 1 - (1 - (pixels[at + part] ?? 0)) * (1 - (light[part] ?? 0) * share)
    }
  }
}

/** Grain and a darker rim, as of a photograph. */
export function finish(canvas: Canvas, random: () => number, grain = 0.02, rim = 0.16): void {
  const { width, height, aspect, pixels } = canvas
  const corner = Math.hypot(aspect / 2, 0.5)
  for (let at = 0; at < width * height; at++) {
    const x = ((at % width) + 0.5) / height - aspect / 2
    const y = (Math.floor(at / width) + 0.5) / height - 0.5
    const shade = 1 - rim * smooth(0.45, 1, Math.hypot(x, y) / corner)
    const speck = (random() - 0.5) * grain
    for (let part = 0; part < 3; part++) pixels[at * 3 + part] = (pixels[at * 3 + part] ?? 0) * shade + speck
  }
}

/** Red, green, blue, 0 to 255. */
export function toBytes({ pixels }: Canvas): Uint8Array {
  const bytes = new Uint8Array(pixels.length)
  for (const [at, value] of pixels.entries()) bytes[at] = Math.min(255, Math.max(0, Math.round(value * 255)))
  return bytes
}
