/**
 * What pictures are drawn with: colours that go over into each other, light, hills, chance that is the same each time.
 *
 * @module
 */

export interface Size {
  /** Pixels. */
  readonly width: number
  readonly height: number
}

export function fade(canvas: CanvasRenderingContext2D, from: number, to: number, colours: readonly string[]) {
  return stops(canvas.createLinearGradient(0, from, 0, to), colours)
}

export function across(
  canvas: CanvasRenderingContext2D,
  from: number,
  to: number,
  colours: readonly string[],
) {
  return stops(canvas.createLinearGradient(from, 0, to, 0), colours)
}

export function stops(gradient: CanvasGradient, colours: readonly string[]): CanvasGradient {
  colours.forEach((colour, at) => {
    gradient.addColorStop(at / (colours.length - 1), colour)
  })
  return gradient
}

/** `rgb`: of its middle, as `255 226 150`. */
export function glow(
  canvas: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  rgb: string,
  most = 0.9,
): void {
  const light = canvas.createRadialGradient(x, y, 0, x, y, radius)
  canvas.fillStyle = stops(light, [`rgb(${rgb} / ${most})`, `rgb(${rgb} / ${most / 4})`, `rgb(${rgb} / 0)`])
  canvas.fillRect(x - radius, y - radius, 2 * radius, 2 * radius)
}

/** Hills up to `foot`: colour, how high, how close together, where they begin. */
export function ridge(
  canvas: CanvasRenderingContext2D,
  foot: number,
  [colour, up, close, from]: readonly [string, number, number, number],
): void {
  const { width } = canvas.canvas
  canvas.fillStyle = colour
  canvas.beginPath()
  canvas.moveTo(0, foot)
  for (let x = 0; x <= width; x += 8) {
    const wave = Math.sin(x * close + from) + 0.4 * Math.sin(x * close * 2.7 + from * 3)
    canvas.lineTo(x, foot - up * (0.7 + 0.4 * wave))
  }
  canvas.lineTo(width, foot)
  canvas.fill()
}

export function line(
  canvas: CanvasRenderingContext2D,
  x: number,
  y: number,
  long: number,
  thick: number,
  colour: string,
): void {
  canvas.strokeStyle = colour
  canvas.lineWidth = thick
  canvas.beginPath()
  canvas.moveTo(x - long / 2, y)
  canvas.lineTo(x + long / 2, y)
  canvas.stroke()
}

/** Between points, x and y by turns. */
export function shape(canvas: CanvasRenderingContext2D, points: readonly number[]): void {
  canvas.beginPath()
  for (let at = 0; at < points.length; at += 2) canvas.lineTo(points[at] ?? 0, points[at + 1] ?? 0)
  canvas.fill()
}

/** `#rrggbb`, as bright as `share` of it. */
export function shade(colour: string, share: number): string {
  const part = (from: number): number => Math.round(Number.parseInt(colour.slice(from, from + 2), 16) * share)
  return `rgb(${part(1)} ${part(3)} ${part(5)})`
}

/** From 0 to 1, the same each time. */
export function chanceOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}
