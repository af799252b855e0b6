/**
 * Hair, hats, glasses and clothes of the portraits (portrait.ts).
 *
 * @module
 */
import { type Canvas, type Colour, colour, mix, paint, type Shape, smooth } from './canvas.ts'
import type { Chance } from './chance.ts'
import { face, type Looks } from './looks.ts'
import { arc, both, box, circle, either, ellipse, line, polygon, without } from './shapes.ts'

/** Lighter where the light falls, with strands. */
function strands(tone: Colour): (x: number, y: number) => Colour {
  const dark = mix(tone, [0.03, 0.01, 0.05], 0.5)
  const light = mix(tone, [1, 0.92, 0.8], 0.24)
  return (x, y) => {
    const across = Math.sin(x * 95 + Math.sin(y * 24) * 1.6) * 0.5 + 0.5
    const lit = smooth(0.5, 0.1, Math.hypot(x - 0.4, y - 0.24))
    return mix(mix(dark, tone, 0.45 + across * 0.4), light, lit * 0.62)
  }
}

export function hairBehind(canvas: Canvas, { hair, hairColour }: Looks): void {
  const { x, y, rx } = face
  const fill = strands(mix(colour(hairColour), [0, 0, 0], 0.22))
  switch (hair) {
    case 'long':
      paint(
        canvas,
        either(ellipse(x, y - 0.02, rx + 0.06, 0.25), box(x, y + 0.17, rx + 0.06, 0.26, 0.1)),
        fill,
      )
      break
    case 'waves': {
      const side = (sign: number): Shape =>
        either(
          circle(x + sign * 0.18, y - 0.02, 0.085),
          circle(x + sign * 0.205, y + 0.09, 0.08),
          circle(x + sign * 0.195, y + 0.2, 0.075),
          circle(x + sign * 0.165, y + 0.29, 0.06),
        )
      paint(canvas, either(side(-1), side(1), ellipse(x, y - 0.04, 0.22, 0.23)), fill)
      break
    }
    case 'bob':
      paint(canvas, box(x, y + 0.03, rx + 0.055, 0.2, 0.12), fill)
      break
    case 'bun':
      paint(canvas, either(circle(x, y - 0.275, 0.085), ellipse(x, y - 0.04, rx + 0.025, 0.2)), fill)
      break
    case 'braid':
      paint(
        canvas,
        either(
          ellipse(x, y - 0.04, rx + 0.03, 0.21),
          ...[0, 1, 2, 3, 4].map((knot) =>
            ellipse(x + 0.19 + knot * 0.004, y + 0.09 + knot * 0.07, 0.04, 0.047),
          ),
        ),
        fill,
      )
      break
    case 'curls':
      paint(canvas, ellipse(x, y - 0.06, rx + 0.085, 0.225), fill)
      break
    case 'bald':
    case 'short':
    case 'scarf':
      break
  }
}

export function hairInFront(canvas: Canvas, looks: Looks, chance: Chance): void {
  const { x, y, rx, ry } = face
  const { hair, hairColour, hat } = looks
  const tone = colour(hairColour)
  const fill = strands(tone)
  const cap = both(ellipse(x, y - 0.015, rx + 0.022, ry + 0.03), (_px, py) => py - y + 0.02)
  /** What stays free of it: the forehead. */
  const crown = (dx: number, dy: number, width: number, height: number): Shape =>
    without(cap, ellipse(x + dx, y + dy, width, height))
  switch (hair) {
    case 'bald':
      for (const side of [-1, 1])
        paint(canvas, ellipse(x + side * (rx - 0.002), y - 0.035, 0.016, 0.05), fill, {
          opacity: 0.85,
          soft: 0.02,
        })
      paint(canvas, ellipse(x - 0.05, y - 0.15, 0.05, 0.022), [1, 1, 1], { opacity: 0.22, soft: 0.05 })
      break
    case 'short':
      paint(canvas, crown(0.03, 0.02, rx - 0.018, 0.125), fill)
      break
    case 'long':
    case 'bob':
      paint(canvas, crown(0.045, 0.035, rx - 0.012, 0.155), fill)
      for (const side of [-1, 1])
        paint(canvas, ellipse(x + side * (rx + 0.018), y + 0.05, 0.03, hair === 'long' ? 0.2 : 0.13), fill)
      break
    case 'waves':
      paint(canvas, crown(-0.05, 0.04, rx - 0.01, 0.15), fill)
      break
    case 'bun':
    case 'braid':
      paint(canvas, crown(0, 0.045, rx - 0.008, 0.165), fill)
      break
    case 'curls':
      for (let curl = 0; curl < 34; curl++) {
        const angle = Math.PI * (0.98 + (curl / 33) * 1.04)
        const far = chance.between(0.86, 1.16)
        const at = circle(
          x + Math.cos(angle) * (rx + 0.03) * far,
          y - 0.045 + Math.sin(angle) * (ry - 0.01) * far,
          chance.between(0.03, 0.045),
        )
        paint(canvas, at, mix(tone, chance.next() < 0.5 ? [0, 0, 0] : [1, 0.9, 0.75], 0.14), { soft: 0.012 })
      }
      break
    case 'scarf':
      headscarf(canvas, tone)
      break
  }
  if (hat !== undefined) wearHat(canvas, looks)
}

function headscarf(canvas: Canvas, tone: Colour): void {
  const { x, y, rx, ry } = face
  const around = without(
    ellipse(x, y + 0.0, rx + 0.052, ry + 0.05),
    ellipse(x, y + 0.02, rx - 0.018, ry - 0.03),
  )
  const fall = either(ellipse(x, y + 0.24, 0.215, 0.17), ellipse(x + 0.06, y + 0.36, 0.17, 0.13))
  const folds = (px: number, py: number): Colour => {
    const fold = Math.sin((px - x) * 34 + Math.sin(py * 15) * 1.8) * 0.5 + 0.5
    return mix(
      mix(tone, [0, 0, 0.06], 0.3),
      mix(tone, [1, 1, 1], 0.16),
      fold * 0.75 + smooth(0.6, 0.2, px) * 0.25,
    )
  }
  const hidden = without(fall, ellipse(x, y + 0.02, rx - 0.018, ry - 0.03))
  paint(canvas, hidden, folds, { soft: 0.02 })
  paint(canvas, around, folds)
  paint(canvas, arc(x, y + 0.02, rx + 0.0, 0.4, 2.74, 0.004), mix(tone, [0, 0, 0], 0.35), {
    opacity: 0.4,
    soft: 0.02,
  })
}

function wearHat(canvas: Canvas, { hat, hatColour = '#26364d' }: Looks): void {
  const { x, y, rx, ry } = face
  const tone = colour(hatColour)
  const dome = both(ellipse(x, y - 0.07, rx + 0.036, ry - 0.015), (_px, py) => py - y + 0.092)
  paint(canvas, dome, (px) =>
    mix(mix(tone, [1, 1, 1], 0.15), mix(tone, [0, 0, 0], 0.4), smooth(0.36, 0.7, px)),
  )
  if (hat === 'cap') {
    paint(canvas, ellipse(x, y - 0.088, rx + 0.05, 0.026), mix(tone, [0, 0, 0], 0.45))
    paint(canvas, box(x, y - 0.118, rx + 0.035, 0.017, 0.01), mix(tone, [0, 0, 0], 0.62))
    paint(canvas, circle(x, y - 0.135, 0.022), colour('#d9b45b'))
    paint(canvas, circle(x, y - 0.135, 0.011), mix(tone, [0, 0, 0], 0.3))
    return
  }
  for (let rib = -7; rib <= 7; rib++)
    paint(
      canvas,
      box(x + rib * 0.027, y - 0.108, 0.0115, 0.032, 0.009),
      mix(tone, [1, 1, 1], rib % 2 === 0 ? 0.2 : 0.08),
    )
  paint(canvas, circle(x, y - 0.275, 0.045), mix(tone, [1, 1, 1], 0.3), { soft: 0.02 })
}

export function wear(canvas: Canvas, { glasses, earrings, hair }: Looks): void {
  const { x, y, rx } = face
  if (earrings !== undefined && hair !== 'scarf') {
    for (const side of [-1, 1]) {
      paint(canvas, circle(x + side * (rx + 0.012), y + 0.088, 0.0135), colour(earrings))
      paint(canvas, circle(x + side * (rx + 0.008), y + 0.084, 0.004), [1, 1, 1], { opacity: 0.8 })
    }
  }
  if (glasses === undefined) return
  const rim = colour(glasses)
  for (const side of [-1, 1]) {
    const lens = box(x + side * 0.069, y + 0.002, 0.05, 0.041, 0.034)
    paint(canvas, lens, [1, 1, 1], { opacity: 0.1 })
    paint(canvas, (px, py) => Math.abs(lens(px, py)) - 0.0052, rim)
    paint(canvas, line(x + side * 0.118, y - 0.008, x + side * (rx + 0.004), y - 0.004, 0.0045), rim)
    paint(
      canvas,
      both(lens, line(x + side * 0.069 - 0.02, y + 0.03, x + side * 0.069 + 0.02, y - 0.03, 0.008)),
      [1, 1, 1],
      {
        opacity: 0.16,
      },
    )
  }
  paint(canvas, arc(x, y + 0.008, 0.021, -2.7, -0.44, 0.005), rim)
}

export function dress(canvas: Canvas, { clothes, hair }: Looks): void {
  const { x } = face
  const tone = colour(clothes)
  const light = mix(tone, [1, 1, 1], 0.3)
  if (hair === 'scarf') return
  const collar = (side: number): Shape =>
    polygon(
      [x + side * 0.02, 0.86],
      [x + side * 0.1, 0.745],
      [x + side * 0.155, 0.79],
      [x + side * 0.075, 0.905],
    )
  const flip =
    (side: number): Shape =>
    (px, py) =>
      collar(1)(side < 0 ? 2 * x - px : px, py)
  for (const side of [-1, 1]) paint(canvas, flip(side), light)
}
