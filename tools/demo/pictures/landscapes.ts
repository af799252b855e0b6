/**
 * Places around the village, each different by chance: the bay in the morning, hills, the night sky, the harbour, a meadow.
 *
 * @module
 */
import {
  type Canvas,
  type Colour,
  colour,
  everything,
  finish,
  glow,
  gradient,
  mix,
  paint,
  smooth,
} from './canvas.ts'
import { type Chance, chanceOf } from './chance.ts'
import { below, both, box, circle, cloudiness, either, ellipse, line, polygon, ridge } from './shapes.ts'

/** `seed`: of what differs. Paints over all of the canvas. */
export type Scene = (canvas: Canvas, seed: string) => void

const skies = [
  { top: '#27406f', middle: '#e08a6d', low: '#ffd9a0', sea: '#35597a', glint: '#ffd7a8' },
  { top: '#4d7ea8', middle: '#b8d3dd', low: '#fdf0d5', sea: '#3f6f86', glint: '#fff3d6' },
  { top: '#3d2c5e', middle: '#b65a7c', low: '#ffb37a', sea: '#3c3a66', glint: '#ffb98c' },
  { top: '#6f98b5', middle: '#d9dde0', low: '#f4e9dc', sea: '#6c8b97', glint: '#ffffff' },
  { top: '#1f5a7a', middle: '#7fc3c0', low: '#ffe9b0', sea: '#1f6273', glint: '#fff0c0' },
] as const

export const bay: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'bay')
  const sky = chance.pick(skies)
  const horizon = chance.between(0.5, 0.6)
  const sun = [chance.between(0.35, 1.15), horizon - chance.between(0.02, 0.16)] as const
  paint(
    canvas,
    everything,
    gradient([
      [0, sky.top],
      [horizon * 0.62, sky.middle],
      [horizon, sky.low],
    ]),
  )
  clouds(canvas, seed, { low: horizon * 0.9, tone: mix(colour(sky.low), [1, 1, 1], 0.4) })
  paint(canvas, circle(...sun, 0.045), mix(colour(sky.glint), [1, 1, 1], 0.7), { soft: 0.012 })
  glow(canvas, sun, 0.75, colour(sky.glint), 0.5)
  const land = colour(sky.top)
  for (const [at, high] of [0.05, 0.085].entries()) {
    const hills = ridge(chance, 4, 2.2)
    const from = chance.between(-0.4, 0.4)
    const height = (x: number): number =>
      horizon + 0.006 - Math.max(0, high * (0.6 + hills(x)) * smooth(0.1, 0.9, Math.abs(x - 0.75 - from)))
    paint(
      canvas,
      both(below(height), (_x, y) => y - horizon - 0.004),
      mix(land, colour(sky.middle), 0.5 - at * 0.3),
    )
  }
  water(canvas, { seed, horizon, sun, sea: colour(sky.sea), glint: colour(sky.glint), low: colour(sky.low) })
  const boats = 1 + Math.floor(chance.next() * 3)
  for (let boat = 0; boat < boats; boat++)
    sail(canvas, chance.between(0.15, 1.35), horizon + chance.between(0.02, 0.17), chance)
  finish(canvas, chance.next)
}

interface Water {
  readonly seed: string
  readonly horizon: number
  readonly sun: readonly [number, number]
  readonly sea: Colour
  readonly glint: Colour
  readonly low: Colour
}

function water(canvas: Canvas, { seed, horizon, sun, sea, glint, low }: Water): void {
  const waves = cloudiness(`${seed} waves`, 2)
  paint(
    canvas,
    (_x, y) => horizon - y,
    (x, y) => {
      const depth = (y - horizon) / (1 - horizon)
      const near = 0.03 + depth * 0.4
      const wave = waves((x - 0.7) / (near * 2), (1 / near) * 1.7)
      const base = mix(
        mix(low, sea, smooth(0, 0.35, depth) * 0.75 + 0.2),
        mix(sea, [0, 0.02, 0.06], 0.55),
        depth * 0.85,
      )
      const lit = smooth(0.14 + depth * 0.3, 0, Math.abs(x - sun[0] + wave * 0.05)) * smooth(-0.1, 0.5, wave)
      return mix(mix(base, [1, 1, 1], Math.max(0, wave) * 0.1), glint, lit * 0.85)
    },
  )
}

function clouds(
  canvas: Canvas,
  seed: string,
  { low, tone }: { readonly low: number; readonly tone: Colour },
): void {
  const veil = cloudiness(seed, 4)
  const { width, height, pixels } = canvas
  for (let row = 0; row < low * height; row++) {
    const y = row / height
    const flat = 1 / (0.16 + (1 - y / low) * 0.3)
    for (let column = 0; column < width; column++) {
      const share = smooth(0.02, 0.62, veil((column / height) * 1.6 + 3, y * flat * 1.9)) * 0.6
      if (share <= 0) continue
      const at = (row * width + column) * 3
      for (let part = 0; part < 3; part++) {
        const under = pixels[at + part] ?? 0
        pixels[at + part] = under + ((tone[part] ?? 0) - under) * share
      }
    }
  }
}

function sail(canvas: Canvas, x: number, y: number, chance: Chance): void {
  const size = 0.028 + (y - 0.5) * 0.28
  const hull = polygon(
    [x - size, y - size * 0.26],
    [x + size, y - size * 0.26],
    [x + size * 0.66, y],
    [x - size * 0.7, y],
  )
  const cloth = colour(chance.pick(['#f7f1e3', '#d8603c', '#f0cf8e', '#e9eef0']))
  paint(canvas, ellipse(x, y + size * 0.14, size * 0.9, size * 0.1), [0, 0.02, 0.05], {
    opacity: 0.4,
    soft: 0.01,
  })
  const mast = y - size * 2.3
  paint(
    canvas,
    polygon([x + size * 0.06, mast], [x + size * 0.95, y - size * 0.36], [x + size * 0.06, y - size * 0.36]),
    cloth,
  )
  paint(
    canvas,
    polygon(
      [x - size * 0.06, mast + size * 0.25],
      [x - size * 0.06, y - size * 0.36],
      [x - size * 0.75, y - size * 0.36],
    ),
    mix(cloth, [0.2, 0.2, 0.3], 0.22),
  )
  paint(canvas, hull, colour(chance.pick(['#3a2a24', '#7a2f2a', '#24465c'])))
}

export const hills: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'hills')
  const sky = chance.pick(skies)
  paint(
    canvas,
    everything,
    gradient([
      [0, sky.top],
      [0.34, sky.middle],
      [0.62, sky.low],
    ]),
  )
  clouds(canvas, seed, { low: 0.45, tone: mix(colour(sky.low), [1, 1, 1], 0.3) })
  const sun = [chance.between(0.3, 1.2), 0.3] as const
  paint(canvas, circle(...sun, 0.05), [1, 0.97, 0.88], { soft: 0.02 })
  glow(canvas, sun, 0.8, colour(sky.glint), 0.42)
  const near = colour(chance.pick(['#20402f', '#3b4a24', '#1f3a4a', '#4a3a2a']))
  const layers = 5
  for (let layer = 0; layer < layers; layer++) {
    const share = layer / (layers - 1)
    const wave = ridge(chance, 5, 1.3 + share)
    const base = 0.42 + share * 0.4
    const swing = 0.1 + share * 0.045
    const tone = mix(mix(colour(sky.low), colour(sky.top), 0.45), near, share)
    paint(
      canvas,
      below((x) => base + wave(x) * swing),
      (x, y) =>
        mix(
          tone,
          colour(sky.low),
          0.34 * (1 - share) + 0.3 * smooth(0, 0.22, y - base - wave(x) * swing) * (1 - share),
        ),
      { soft: 0.003 },
    )
    if (layer >= 3) trees(canvas, (x) => base + wave(x) * swing, mix(tone, [0, 0.03, 0], 0.35), chance, share)
  }
  finish(canvas, chance.next)
}

function trees(
  canvas: Canvas,
  ground: (x: number) => number,
  tone: Colour,
  chance: Chance,
  near: number,
): void {
  for (let tree = 0; tree < 24; tree++) {
    const x = chance.between(0, canvas.aspect)
    const size = chance.between(0.018, 0.034) * (0.5 + near * 1.1)
    const y = ground(x) + 0.006
    paint(
      canvas,
      either(
        polygon([x, y - size * 3], [x + size * 0.62, y - size * 1.1], [x - size * 0.62, y - size * 1.1]),
        polygon([x, y - size * 2.1], [x + size * 0.85, y], [x - size * 0.85, y]),
      ),
      mix(tone, [0, 0, 0], chance.between(0, 0.25)),
    )
  }
}

export const night: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'night')
  paint(
    canvas,
    everything,
    gradient([
      [0, '#070b1f'],
      [0.5, '#14224a'],
      [0.8, '#2f4a72'],
      [0.9, '#56708a'],
    ]),
  )
  const veil = cloudiness(seed, 5)
  const tilt = chance.between(0.5, 0.9)
  paint(
    canvas,
    (x, y) => Math.abs((y - 0.42) * 0.8 + (x - 0.75) * tilt) - 0.24,
    (x, y) => mix([0.16, 0.2, 0.42], [0.85, 0.8, 0.9], smooth(-0.1, 0.75, veil(x * 3.4, y * 3.4))),
    { opacity: 0.42, soft: 0.45 },
  )
  for (let star = 0; star < 420; star++) {
    const size = 0.0006 + chance.next() ** 6 * 0.0034
    const tone = mix([0.75, 0.85, 1], [1, 0.88, 0.7], chance.next())
    paint(canvas, circle(chance.between(0, canvas.aspect), chance.between(0, 0.8), size), tone, {
      opacity: chance.between(0.4, 1),
      soft: 0.0028,
    })
  }
  const x = chance.between(0.35, 0.9)
  const y = chance.between(0.12, 0.3)
  for (let part = 0; part < 14; part++) {
    const at = part / 14
    const piece = line(
      x + at * 0.28,
      y + at * 0.15,
      x + at * 0.28 + 0.02,
      y + at * 0.15 + 0.011,
      0.0007 + at * 0.0018,
    )
    paint(canvas, piece, [1, 0.98, 0.9], { opacity: at * at, soft: 0.003 })
  }
  glow(canvas, [x + 0.3, y + 0.16], 0.06, [0.8, 0.9, 1], 0.6)
  const ground = ridge(chance, 5, 2)
  paint(
    canvas,
    below((at) => 0.85 + ground(at) * 0.05),
    [0.02, 0.04, 0.07],
  )
  trees(canvas, (at) => 0.86 + ground(at) * 0.05, [0.015, 0.03, 0.05], chance, 1)
  finish(canvas, chance.next, 0.018)
}

const walls = [
  '#d9694f',
  '#e8b04a',
  '#7fa8a3',
  '#f0e2c8',
  '#b94f5f',
  '#6a86a8',
  '#e6cfa0',
  '#8aa06a',
] as const

export const harbour: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'harbour')
  const quay = 0.63
  const isEvening = chance.next() < 0.5
  const stops = isEvening
    ? ([
        [0, '#2b3566'],
        [0.35, '#a8637c'],
        [0.6, '#f3b382'],
      ] as const)
    : ([
        [0, '#6aa3c8'],
        [0.4, '#b8d8e2'],
        [0.6, '#eaf0ea'],
      ] as const)
  const lowSky = colour(stops[2][1])
  paint(canvas, everything, gradient(stops))
  clouds(canvas, seed, { low: 0.5, tone: mix(lowSky, [1, 1, 1], 0.4) })
  const wave = ridge(chance, 4, 1.6)
  paint(
    canvas,
    below((x) => 0.42 + wave(x) * 0.08),
    mix(lowSky, colour('#4a6a5a'), 0.5),
  )
  const lamps: (readonly [number, number])[] = []
  for (let x = -0.02; x < canvas.aspect; ) {
    const width = chance.between(0.1, 0.17)
    const high = chance.between(0.17, 0.31)
    lamps.push(...house(canvas, { x, width, high, quay, isEvening }, chance))
    x += width
  }
  // The water shows what stands above it, moved by waves.
  const { width, height, pixels } = canvas
  const above = Float32Array.from(pixels)
  const waves = cloudiness(`${seed} water`, 2)
  const sea = isEvening ? colour('#2c3358') : colour('#3f7286')
  paint(
    canvas,
    (_x, y) => quay + 0.022 - y,
    (x, y) => {
      const depth = y - quay - 0.022
      const move = waves(x * 3, depth * 42) * (0.008 + depth * 0.06)
      const column = Math.min(width - 1, Math.max(0, Math.round((x + move) * height)))
      const row = Math.min(height - 1, Math.max(0, Math.round((quay - 0.004 - depth * 1.05 + move) * height)))
      const at = (row * width + column) * 3
      const mirrored: Colour = [above[at] ?? 0, above[at + 1] ?? 0, above[at + 2] ?? 0]
      return mix(mirrored, sea, 0.34 + depth * 1.2)
    },
  )
  paint(
    canvas,
    box(canvas.aspect / 2, quay + 0.01, canvas.aspect, 0.014),
    colour(isEvening ? '#3a3238' : '#8a8378'),
  )
  if (isEvening) for (const lamp of lamps) glow(canvas, lamp, 0.05, [1, 0.75, 0.35], 0.3)
  for (let boat = 0; boat < 3; boat++)
    sail(canvas, chance.between(0.15, 1.4), chance.between(0.74, 0.92), chance)
  finish(canvas, chance.next)
}

interface House {
  readonly x: number
  readonly width: number
  readonly high: number
  readonly quay: number
  readonly isEvening: boolean
}

/** Gives where light shines out. */
function house(
  canvas: Canvas,
  { x, width, high, quay, isEvening }: House,
  chance: Chance,
): (readonly [number, number])[] {
  const dusk: Colour = isEvening ? [0.25, 0.16, 0.3] : [1, 1, 1]
  const wall = mix(colour(chance.pick(walls)), dusk, isEvening ? 0.38 : 0.06)
  const roof = mix(
    colour(chance.pick(['#8a4a38', '#6b4a44', '#4a4f5a', '#a05a3c'])),
    dusk,
    isEvening ? 0.35 : 0,
  )
  const top = quay - high
  paint(canvas, box(x + width / 2, quay - high / 2, width / 2, high / 2), (px) =>
    mix(wall, mix(wall, [0, 0, 0.05], 0.25), (px - x) / width),
  )
  paint(
    canvas,
    polygon([x + width / 2, top - width * 0.46], [x + width + 0.008, top + 0.004], [x - 0.008, top + 0.004]),
    roof,
  )
  if (chance.next() < 0.6) paint(canvas, box(x + width * 0.72, top - width * 0.26, 0.009, 0.03), roof)
  const lights: (readonly [number, number])[] = []
  const floors = Math.max(2, Math.round(high / 0.085))
  for (let floor = 0; floor < floors; floor++) {
    for (const part of [0.28, 0.72]) {
      const wx = x + width * part
      const wy = top + 0.04 + (floor * (high - 0.05)) / floors
      if (floor === floors - 1 && part < 0.5) {
        paint(canvas, box(wx, quay - 0.028, 0.0145, 0.032, 0.006), mix(roof, [0, 0, 0], 0.35))
        continue
      }
      const isLit = isEvening && chance.next() < 0.65
      const glass = isLit ? colour('#ffd27a') : mix(colour('#3d5366'), dusk, 0.15)
      paint(canvas, box(wx, wy, 0.0175, 0.023), mix(wall, [1, 1, 1], 0.5))
      paint(canvas, box(wx, wy, 0.0135, 0.019), glass)
      paint(canvas, box(wx, wy, 0.0012, 0.019), mix(wall, [1, 1, 1], 0.5))
      if (isLit) lights.push([wx, wy])
    }
  }
  return lights
}

export const meadow: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'meadow')
  paint(
    canvas,
    everything,
    gradient([
      [0, '#5c9fd0'],
      [0.45, '#cfe6ee'],
      [0.55, '#f4f1da'],
    ]),
  )
  clouds(canvas, seed, { low: 0.5, tone: [1, 1, 1] })
  const far = ridge(chance, 4, 1.2)
  const nearer = ridge(chance, 3, 1)
  paint(
    canvas,
    below((x) => 0.46 + far(x) * 0.07),
    colour('#7fa98a'),
  )
  trees(canvas, (x) => 0.5 + far(x) * 0.06, colour('#47714f'), chance, 0.6)
  paint(
    canvas,
    below((x) => 0.56 + nearer(x) * 0.03),
    (_x, y) => mix(colour('#a9c25d'), colour('#4f7f36'), smooth(0.55, 1, y)),
  )
  const hives = ['#f2ead0', '#d9a441', '#8fb3c4', '#e3d3b0'] as const
  for (let hive = 0; hive < 4; hive++) {
    const x = 0.3 + hive * 0.27 + chance.between(-0.04, 0.04)
    const y = 0.68 + chance.between(0, 0.06)
    const tone = colour(hives[hive] ?? '#f2ead0')
    paint(canvas, ellipse(x + 0.02, y + 0.068, 0.085, 0.016), [0.1, 0.2, 0.05], { opacity: 0.5, soft: 0.02 })
    for (const leg of [-0.042, 0.042]) paint(canvas, box(x + leg, y + 0.058, 0.006, 0.018), colour('#6b5138'))
    for (let level = 0; level < 3; level++)
      paint(canvas, box(x, y + 0.026 - level * 0.043, 0.06, 0.0205, 0.003), (px) =>
        mix(tone, [0.25, 0.18, 0.1], smooth(x - 0.02, x + 0.09, px) * 0.5),
      )
    paint(canvas, box(x, y - 0.09, 0.07, 0.011, 0.003), mix(tone, [0.3, 0.25, 0.2], 0.55))
    paint(canvas, box(x, y + 0.04, 0.022, 0.004), [0.16, 0.1, 0.06])
  }
  for (let flower = 0; flower < 260; flower++) {
    const y = 0.6 + chance.next() ** 0.7 * 0.4
    const size = 0.0022 + (y - 0.6) * 0.018
    const x = chance.between(0, canvas.aspect)
    paint(canvas, line(x, y, x + size * 0.4, y + size * 4, size * 0.2), colour('#3f6b2c'))
    paint(
      canvas,
      circle(x, y, size),
      colour(chance.pick(['#f4f1ff', '#f6d64a', '#c7529a', '#8a6ad0', '#ef6b4a'])),
    )
    paint(canvas, circle(x, y, size * 0.4), colour('#f3c13a'))
  }
  for (let bee = 0; bee < 9; bee++) {
    const [x, y] = [chance.between(0.15, 1.3), chance.between(0.44, 0.7)]
    paint(canvas, ellipse(x, y - 0.006, 0.006, 0.004), [1, 1, 1], { opacity: 0.6 })
    paint(canvas, ellipse(x, y, 0.007, 0.0045), colour('#d99a1e'))
    paint(canvas, box(x, y, 0.0012, 0.0044), [0.12, 0.08, 0.02])
  }
  finish(canvas, chance.next)
}
