/**
 * Things that people show each other: a loaf, mugs, honey, a cat, a bench, a map.
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
  type Shape,
  smooth,
} from './canvas.ts'
import { chanceOf } from './chance.ts'
import type { Scene } from './landscapes.ts'
import {
  arc,
  below,
  both,
  box,
  circle,
  cloudiness,
  either,
  ellipse,
  line,
  polygon,
  ridge,
  turned,
  without,
} from './shapes.ts'

/** A wall, a table of wood, and light from a window on the left. */
function room(canvas: Canvas, seed: string, wall: readonly [string, string], wood: string): void {
  paint(
    canvas,
    everything,
    gradient([
      [0, wall[0]],
      [0.62, wall[1]],
    ]),
  )
  glow(canvas, [0.15, 0.1], 1.1, [1, 0.9, 0.7], 0.35)
  const veins = cloudiness(`${seed} wood`, 3)
  const tone = colour(wood)
  paint(
    canvas,
    below(() => 0.62),
    (x, y) => {
      const plank = Math.floor((x - 0.75) / (0.35 + (y - 0.62) * 0.9) + 20)
      const vein = veins(x * 1.2 + plank * 5, y * 26)
      return mix(
        mix(tone, [0, 0, 0], 0.28 + (plank % 3) * 0.05),
        mix(tone, [1, 0.9, 0.75], 0.22),
        0.5 + vein * 0.5,
      )
    },
  )
  paint(canvas, box(0.75, 0.62, 1, 0.004), [0, 0, 0], { opacity: 0.3, soft: 0.02 })
}

function shadow(canvas: Canvas, x: number, y: number, rx: number, ry: number): void {
  paint(canvas, ellipse(x + rx * 0.12, y, rx, ry), [0.05, 0.03, 0.02], { opacity: 0.55, soft: ry * 1.2 })
}

export const loaf: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'loaf')
  room(canvas, seed, ['#e9dcc3', '#cdb48e'], '#8a5a35')
  shadow(canvas, 0.75, 0.81, 0.47, 0.06)
  paint(canvas, box(0.75, 0.8, 0.5, 0.028, 0.02), colour('#b58453'))
  paint(canvas, box(0.75, 0.79, 0.5, 0.02, 0.018), colour('#d3a670'))
  const bread = both(ellipse(0.75, 0.66, 0.38, 0.27), (_x, y) => y - 0.785)
  const crumbs = cloudiness(seed, 4)
  paint(canvas, bread, (x, y) => {
    const light = smooth(0.55, 0, Math.hypot(x - 0.6, (y - 0.47) * 1.2))
    const crust = mix(colour('#6b2f12'), colour('#d08a3e'), light * 0.85 + crumbs(x * 7, y * 7) * 0.22)
    return mix(
      crust,
      colour('#f7e9d0'),
      smooth(0.25, 0.65, crumbs(x * 5 + 9, y * 5)) * 0.6 * smooth(0.6, 0.45, y),
    )
  })
  for (let cut = -2; cut <= 2; cut++) {
    const at = 0.75 + cut * 0.125
    const high = 0.5 + Math.abs(cut) * 0.035
    const slash = turned(ellipse(at, high, 0.026, 0.105 - Math.abs(cut) * 0.012), at, high, 0.5)
    paint(canvas, slash, (x, y) =>
      mix(colour('#f3d7a3'), colour('#c98a45'), smooth(-0.03, 0.03, slash(x, y) + (x - at) * 0.7)),
    )
  }
  for (let wisp = 0; wisp < 3; wisp++) {
    const from = 0.58 + wisp * 0.17
    for (let up = 0; up < 22; up++) {
      const x = from + Math.sin(up * 0.45 + wisp * 2) * 0.018
      paint(canvas, circle(x, 0.36 - up * 0.013, 0.016 + up * 0.0008), [1, 1, 1], {
        opacity: 0.07 * (1 - up / 22),
        soft: 0.035,
      })
    }
  }
  for (let crumb = 0; crumb < 40; crumb++)
    paint(
      canvas,
      circle(chance.between(0.2, 1.3), chance.between(0.82, 0.95), chance.between(0.002, 0.006)),
      colour('#d9b27a'),
    )
  finish(canvas, chance.next)
}

export const mugs: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'mugs')
  room(canvas, seed, ['#dfe6e4', '#b5c4c4'], '#a37a52')
  const glazes = ['#3f7d8c', '#e0a24a', '#b5533c', '#7d9a6a', '#5a5f8c'] as const
  for (const [at, glaze] of glazes.entries()) {
    const x = 0.23 + at * 0.26
    const y = 0.66 + (at % 2) * 0.07
    const size = chance.between(0.085, 0.1)
    mug(canvas, { x, y, size, tone: colour(glaze), mood: at }, chance.next)
  }
  finish(canvas, chance.next)
}

interface Mug {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly tone: Colour
  readonly mood: number
}

function mug(canvas: Canvas, { x, y, size, tone, mood }: Mug, random: () => number): void {
  shadow(canvas, x + 0.02, y + size * 1.12, size * 1.15, size * 0.22)
  paint(
    canvas,
    without(
      ellipse(x + size * 1.05, y, size * 0.5, size * 0.56),
      ellipse(x + size * 1.05, y, size * 0.3, size * 0.36),
    ),
    mix(tone, [0, 0, 0], 0.2),
  )
  const cup = box(x, y, size, size * 1.12, size * 0.28)
  const clay = colour('#d9c3a0')
  paint(canvas, cup, (px, py) => {
    const drip = y + size * (0.52 + Math.sin(px * 70 + mood) * 0.09)
    const base = py < drip ? tone : clay
    const round = (px - x) / size
    return mix(
      mix(base, [1, 1, 1], 0.34 * smooth(0.5, 0, Math.abs(round + 0.5))),
      [0.03, 0.02, 0.05],
      0.5 * smooth(0, 1.1, round),
    )
  })
  paint(canvas, ellipse(x, y - size * 1.02, size * 0.9, size * 0.2), mix(tone, [0, 0, 0], 0.55))
  paint(canvas, ellipse(x, y - size * 0.97, size * 0.74, size * 0.13), colour('#4a2a18'))
  const ink: Colour = [0.12, 0.08, 0.08]
  const wide = size * (0.3 + random() * 0.08)
  for (const side of [-1, 1]) {
    if (mood === 2)
      paint(canvas, arc(x + side * wide, y - size * 0.12, size * 0.12, 0.3, 2.84, size * 0.03), ink)
    else paint(canvas, circle(x + side * wide, y - size * 0.14, size * 0.075), ink)
  }
  const smile =
    mood === 1
      ? ellipse(x, y + size * 0.24, size * 0.1, size * 0.12)
      : arc(
          x,
          y + size * (mood === 3 ? 0.5 : 0.08),
          size * 0.26,
          mood === 3 ? -2.5 : 0.5,
          mood === 3 ? -0.64 : 2.64,
          size * 0.035,
        )
  paint(canvas, smile, ink)
}

export const honey: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'honey')
  room(canvas, seed, ['#f4ead2', '#e3cf9f'], '#9a6b3c')
  for (const [x, high] of [
    [0.42, 0.2],
    [0.75, 0.25],
    [1.08, 0.2],
  ] as const) {
    const y = 0.83 - high
    shadow(canvas, x + 0.03, 0.83, 0.15, 0.03)
    glow(canvas, [x + 0.1, 0.86], 0.2, [1, 0.7, 0.15], 0.4)
    const jar = box(x, y, 0.125, high, 0.045)
    paint(canvas, jar, (px, py) => {
      const round = (px - x) / 0.125
      const deep = mix(
        colour('#b4560c'),
        colour('#f7b52e'),
        smooth(0.9, -0.3, round) * 0.8 + 0.2 * smooth(0.85, 0.5, py),
      )
      return mix(deep, [1, 0.95, 0.75], 0.55 * smooth(0.16, 0.02, Math.abs(round + 0.66)))
    })
    paint(canvas, box(x, y - high + 0.002, 0.118, 0.03, 0.012), (px) =>
      mix(colour('#e9e2d0'), colour('#8d8470'), smooth(x - 0.1, x + 0.14, px)),
    )
    paint(canvas, box(x, y + 0.05, 0.08, 0.055, 0.008), colour('#fbf4e2'))
    for (const [dx, dy] of [
      [-0.02, 0],
      [0.02, 0],
      [0, -0.026],
      [0, 0.026],
    ] as const)
      paint(canvas, circle(x + dx, y + 0.05 + dy * 0.6, 0.011), colour(dx === 0 ? '#e0a030' : '#c7822a'))
  }
  for (let petal = 0; petal < 16; petal++)
    paint(
      canvas,
      turned(
        ellipse(chance.between(0.15, 1.35), chance.between(0.87, 0.97), 0.02, 0.009),
        0.75,
        0.92,
        chance.between(-0.2, 0.2),
      ),
      colour(chance.pick(['#f7f0ff', '#e7c0dc', '#f7e08a'])),
    )
  finish(canvas, chance.next)
}

export const cat: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'cat')
  room(canvas, seed, ['#c9d3c4', '#9fae9c'], '#7f5a3a')
  shadow(canvas, 0.75, 0.92, 0.4, 0.05)
  const fur = (x: number, y: number): Colour => {
    const stripe = Math.sin(x * 46 + Math.sin(y * 22) * 2.2) * 0.5 + 0.5
    return mix(
      mix(colour('#d98632'), colour('#a9541d'), stripe * 0.75),
      [1, 0.95, 0.85],
      0.25 * smooth(0.45, 0.1, Math.hypot(x - 0.6, y - 0.25)),
    )
  }
  const ear = polygon([0.82, 0.28], [0.95, 0.1], [0.97, 0.33])
  const lining = polygon([0.85, 0.28], [0.932, 0.16], [0.95, 0.32])
  const mirrored =
    (shape: Shape): Shape =>
    (x, y) =>
      shape(1.5 - x, y)
  paint(canvas, either(ear, mirrored(ear)), fur)
  paint(canvas, either(lining, mirrored(lining)), colour('#eaa693'))
  paint(canvas, ellipse(0.75, 0.4, 0.235, 0.195), fur)
  for (const side of [-1, 1])
    paint(canvas, ellipse(0.75 + side * 0.062, 0.475, 0.08, 0.062), colour('#f7e7d2'), { soft: 0.02 })
  for (const side of [-1, 1]) {
    const x = 0.75 + side * 0.1
    paint(canvas, ellipse(x, 0.375, 0.049, 0.041), colour('#5a3316'))
    paint(canvas, ellipse(x, 0.375, 0.044, 0.036), colour('#c9d24a'))
    paint(canvas, ellipse(x, 0.375, 0.013, 0.034), [0.05, 0.05, 0.05])
    paint(canvas, circle(x - 0.013, 0.36, 0.008), [1, 1, 1])
    for (const whisker of [-1, 0, 1])
      paint(
        canvas,
        line(0.75 + side * 0.09, 0.475 + whisker * 0.01, 0.75 + side * 0.31, 0.465 + whisker * 0.045, 0.0016),
        [1, 1, 1],
        { opacity: 0.85 },
      )
  }
  paint(canvas, polygon([0.727, 0.437], [0.773, 0.437], [0.75, 0.464]), colour('#d97a76'))
  for (const side of [-1, 1])
    paint(canvas, arc(0.75 + side * 0.026, 0.47, 0.026, 0.4, 2.74, 0.0035), colour('#6b3a1c'))
  const bin = either(box(0.75, 0.74, 0.33, 0.18, 0.03), box(0.75, 0.575, 0.36, 0.028, 0.02))
  paint(canvas, bin, (x, y) =>
    mix(
      mix(colour('#a9c0c9'), [1, 1, 1], 0.4 * smooth(0.3, 0, Math.abs(x - 0.56))),
      colour('#4f6670'),
      smooth(0.7, 1.1, x) * 0.8 + smooth(0.57, 0.6, y) * 0.1,
    ),
  )
  paint(canvas, box(0.75, 0.75, 0.15, 0.065, 0.01), colour('#f7f3e6'))
  for (const [at, half] of [0.085, 0.06, 0.1].entries())
    paint(canvas, box(0.75, 0.72 + at * 0.028, half, 0.005), colour('#8a8578'))
  for (const side of [-1, 1]) paint(canvas, ellipse(0.75 + side * 0.14, 0.575, 0.052, 0.04), fur)
  for (let dust = 0; dust < 90; dust++) {
    const far = chance.next() ** 0.6
    const spot = circle(
      0.75 + chance.between(-0.42, 0.42) * far,
      chance.between(0.2, 0.9),
      chance.between(0.004, 0.018),
    )
    paint(canvas, spot, [1, 1, 1], { opacity: chance.between(0.15, 0.6), soft: 0.02 })
  }
  finish(canvas, chance.next)
}

export const bench: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'bench')
  paint(
    canvas,
    everything,
    gradient([
      [0, '#7fb2cf'],
      [0.42, '#d9e8e6'],
      [0.5, '#f2ead4'],
    ]),
  )
  const sea = colour('#4d8797')
  paint(
    canvas,
    below(() => 0.47),
    (x, y) => mix(mix(sea, [1, 1, 1], 0.3), sea, smooth(0.47, 0.6, y) + Math.sin(y * 300 + x * 20) * 0.06),
  )
  const wave = ridge(chance, 3, 1)
  paint(
    canvas,
    below((x) => 0.62 + wave(x) * 0.01),
    (_x, y) => mix(colour('#b9b08f'), colour('#7d7458'), smooth(0.6, 1, y)),
  )
  for (let stone = 0; stone < 110; stone++) {
    const y = 0.65 + chance.next() ** 1.4 * 0.35
    const tone = mix(colour('#958c74'), [1, 1, 1], chance.between(-0.2, 0.25))
    paint(
      canvas,
      ellipse(chance.between(0, canvas.aspect), y, 0.01 + (y - 0.6) * 0.06, 0.004 + (y - 0.6) * 0.022),
      tone,
      { opacity: 0.7 },
    )
  }
  paint(canvas, ellipse(0.78, 0.87, 0.42, 0.04), [0.15, 0.12, 0.08], { opacity: 0.45, soft: 0.04 })
  const wood = (x: number, y: number): Colour =>
    mix(colour('#c98d4e'), colour('#8a5526'), 0.5 + 0.5 * Math.sin(x * 60 + Math.sin(y * 90) * 3))
  const iron = colour('#26302f')
  for (const x of [0.42, 1.08]) {
    paint(canvas, line(x, 0.45, x, 0.87, 0.013), iron)
    paint(canvas, line(x + 0.03, 0.72, x + 0.05, 0.9, 0.013), iron)
    paint(canvas, arc(x + 0.02, 0.63, 0.055, -3.1, 0.2, 0.011), iron)
  }
  for (const y of [0.5, 0.56, 0.62]) paint(canvas, box(0.75, y, 0.41, 0.021, 0.009), wood)
  for (const [at, y] of [0.7, 0.735].entries())
    paint(canvas, box(0.75 + at * 0.01, y, 0.43 + at * 0.015, 0.015, 0.008), wood)
  gull(canvas, 0.62, 0.445)
  finish(canvas, chance.next)
}

function gull(canvas: Canvas, x: number, y: number): void {
  const white: Colour = [0.97, 0.97, 0.96]
  for (const leg of [-0.01, 0.016])
    paint(canvas, line(x + leg, y, x + leg, y + 0.045, 0.0028), colour('#e8962e'))
  paint(canvas, turned(ellipse(x, y - 0.02, 0.07, 0.032), x, y - 0.02, -0.16), white)
  paint(canvas, turned(ellipse(x + 0.018, y - 0.022, 0.058, 0.018), x, y - 0.02, -0.08), colour('#9aa5ab'))
  paint(canvas, circle(x - 0.06, y - 0.055, 0.026), white)
  paint(
    canvas,
    polygon([x - 0.083, y - 0.062], [x - 0.078, y - 0.044], [x - 0.118, y - 0.047]),
    colour('#e8962e'),
  )
  paint(canvas, circle(x - 0.067, y - 0.061, 0.004), [0.05, 0.05, 0.05])
}

/** Flat colours: paper, land, water, paths, roofs. */
export const map: Scene = (canvas, seed) => {
  const chance = chanceOf(seed, 'map')
  const paper = colour('#f3e9d2')
  const coast = ridge(chance, 4, 1.4)
  const shore = (x: number): number => 0.6 + coast(x) * 0.13 + (x - 0.75) * 0.08
  paint(canvas, everything, paper)
  const sea: Shape = below(shore)
  paint(canvas, sea, colour('#b9d6d9'))
  for (const off of [0.02, 0.045, 0.075])
    paint(canvas, (x, y) => Math.abs(y - shore(x) - off) - 0.0016, colour('#7fb0b8'))
  paint(canvas, (x, y) => Math.abs(y - shore(x)) - 0.003, colour('#4a5a5a'))
  const lane = ridge(chance, 2, 1.2)
  const path = (x: number): number => 0.34 + lane(x) * 0.07
  paint(canvas, (x, y) => Math.abs(y - path(x)) - 0.007, colour('#cfae7a'))
  for (const x of [0.3, 0.72, 1.12])
    paint(canvas, line(x, path(x), x + 0.05, shore(x + 0.05), 0.0055), colour('#cfae7a'))
  const roofs = ['#c8553d', '#d98b4a', '#7a6a8c', '#a84848'] as const
  for (let at = 0; at < 34; at++) {
    const x = chance.between(0.1, 1.4)
    const y = path(x) + chance.pick([-1, 1]) * chance.between(0.035, 0.14)
    if (y > shore(x) - 0.04) continue
    const roof = chance.pick(roofs)
    paint(canvas, box(x, y, 0.017, 0.012), colour(roof))
    paint(canvas, box(x, y - 0.003, 0.017, 0.0016), mix(colour(roof), [0, 0, 0], 0.3))
  }
  for (let at = 0; at < 60; at++) {
    const [x, y] = [chance.between(0.03, 1.47), chance.between(0.03, 0.24)]
    if (y > path(x) - 0.05) continue
    paint(
      canvas,
      polygon([x, y - 0.026], [x + 0.012, y], [x - 0.012, y]),
      colour(at % 2 === 0 ? '#6a9a6a' : '#4f7f5a'),
    )
  }
  const pier = [0.78, shore(0.78)] as const
  paint(canvas, line(pier[0], pier[1] - 0.02, pier[0] + 0.03, pier[1] + 0.13, 0.008), colour('#8a6a45'))
  for (let dash = 0; dash < 9; dash++)
    paint(
      canvas,
      line(
        0.83 + dash * 0.06,
        pier[1] + 0.15 + dash * 0.012,
        0.86 + dash * 0.06,
        pier[1] + 0.156 + dash * 0.012,
        0.0028,
      ),
      colour('#c8553d'),
    )
  const rose = [1.36, 0.86] as const
  for (let ray = 0; ray < 8; ray++) {
    const length = ray % 2 === 0 ? 0.075 : 0.045
    paint(
      canvas,
      turned(
        polygon([rose[0], rose[1] - length], [rose[0] + 0.011, rose[1]], [rose[0] - 0.011, rose[1]]),
        rose[0],
        rose[1],
        (ray * Math.PI) / 4,
      ),
      colour(ray === 0 ? '#c8553d' : '#4a5a5a'),
    )
  }
  paint(
    canvas,
    both(box(0.75, 0.5, 0.735, 0.485), without(everything, box(0.75, 0.5, 0.73, 0.48))),
    colour('#4a5a5a'),
  )
}
