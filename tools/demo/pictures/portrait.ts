/**
 * Portraits of people who do not exist, painted from a few words about their looks.
 *
 *     Looks ─▶ background ─▶ hair behind ─▶ shoulders ─▶ face ─▶ hair in front ─▶ what they wear
 *
 * @module
 */
import { type Canvas, type Colour, colour, createCanvas, finish, glow, mix, paint, smooth } from './canvas.ts'
import type { Chance } from './chance.ts'
import { face, type Looks } from './looks.ts'
import { dress, hairBehind, hairInFront, wear } from './portrait-hair.ts'
import { arc, both, box, circle, either, ellipse, line, without } from './shapes.ts'

export function paintPortrait(looks: Looks, size: number, chance: Chance): Canvas {
  const canvas = createCanvas(size, size)
  const skin = colour(looks.skin)
  const shade = mix(skin, colour('#6b2a12'), 0.32)
  backdrop(canvas, looks, chance)
  hairBehind(canvas, looks)
  body(canvas, looks, skin, shade)
  head(canvas, skin, shade)
  features(canvas, looks, skin, shade)
  hairInFront(canvas, looks, chance)
  wear(canvas, looks)
  glow(canvas, [0.2, 0.12], 0.7, [1, 0.93, 0.8], 0.09)
  finish(canvas, chance.next, 0.014, 0.12)
  return canvas
}

function backdrop(canvas: Canvas, { background }: Looks, chance: Chance): void {
  const [from, to] = [colour(background[0]), colour(background[1])]
  paint(
    canvas,
    () => -1,
    (x, y) => mix(from, to, y * 0.75 + x * 0.25),
  )
  for (let spot = 0; spot < 9; spot++) {
    const at = circle(chance.between(0, 1), chance.between(0, 0.9), chance.between(0.04, 0.13))
    const light = mix(chance.next() < 0.5 ? from : to, [1, 1, 1], 0.55)
    paint(canvas, at, light, { opacity: 0.2, soft: 0.03 })
  }
}

function body(canvas: Canvas, looks: Looks, skin: Colour, shade: Colour): void {
  const { x, y, ry } = face
  const clothes = colour(looks.clothes)
  const shoulders = ellipse(x, 1.1, 0.4, 0.36)
  const cloth = (px: number, py: number): Colour =>
    mix(mix(clothes, [1, 1, 1], 0.12), mix(clothes, [0, 0, 0.08], 0.42), smooth(0.2, 1, px * 0.6 + py * 0.4))
  paint(canvas, shoulders, cloth)
  const neck = either(box(x, y + ry + 0.05, 0.075, 0.11, 0.05), ellipse(x, y + ry + 0.125, 0.105, 0.05))
  paint(canvas, neck, (_px, py) => mix(shade, skin, smooth(y + ry - 0.02, y + ry + 0.13, py)))
  dress(canvas, looks)
}

function head(canvas: Canvas, skin: Colour, shade: Colour): void {
  const { x, y, rx, ry } = face
  for (const side of [-1, 1]) {
    paint(canvas, ellipse(x + side * (rx + 0.004), y + 0.025, 0.032, 0.048), mix(skin, shade, 0.25))
    paint(canvas, ellipse(x + side * (rx + 0.004), y + 0.028, 0.015, 0.027), mix(skin, shade, 0.7), {
      soft: 0.01,
    })
  }
  // Broader above than at the chin.
  const shape = (px: number, py: number): number => {
    const narrow = 1 - 0.16 * smooth(y, y + ry, py)
    return ellipse(x, y, rx * narrow, ry)(px, py)
  }
  paint(canvas, shape, (px, py) => {
    const lit = mix(
      skin,
      [1, 0.96, 0.88],
      0.16 * (1 - smooth(0, 0.3, Math.hypot(px - x + 0.06, py - y + 0.09))),
    )
    return mix(
      lit,
      shade,
      0.75 * smooth(0.11, 0.24, Math.hypot((px - x + 0.05) * 1.05, (py - y + 0.04) * 0.78)),
    )
  })
  for (const side of [-1, 1]) {
    const cheek = ellipse(x + side * 0.09, y + 0.068, 0.045, 0.034)
    paint(canvas, cheek, mix(skin, colour('#e0523f'), 0.4), { opacity: 0.34, soft: 0.05 })
  }
}

function features(canvas: Canvas, looks: Looks, skin: Colour, shade: Colour): void {
  const { x, y } = face
  const dark = mix(shade, [0.1, 0.05, 0.04], 0.62)
  const brow =
    looks.hair === 'scarf' || looks.hair === 'bald' ? dark : mix(colour(looks.hairColour), dark, 0.35)
  for (const side of [-1, 1]) {
    const ex = x + side * 0.067
    const ey = y - 0.005
    const white = ellipse(ex, ey, 0.031, 0.0195)
    paint(canvas, ellipse(ex, ey - 0.003, 0.04, 0.03), shade, { opacity: 0.3, soft: 0.025 })
    paint(canvas, white, [0.98, 0.97, 0.95])
    const iris = both(white, circle(ex + 0.002, ey - 0.001, 0.0165))
    paint(canvas, iris, colour(looks.eyes ?? '#4a2f1c'))
    paint(canvas, both(white, circle(ex + 0.002, ey - 0.001, 0.0085)), [0.05, 0.04, 0.05])
    paint(canvas, circle(ex - 0.004, ey - 0.007, 0.0045), [1, 1, 1])
    paint(canvas, arc(ex, ey + 0.014, 0.037, -2.62, -0.52, 0.0042), dark)
    paint(canvas, arc(ex, ey + 0.028, 0.078, -2.02 - side * 0.05, -1.12 - side * 0.05, 0.0075), brow)
  }
  paint(canvas, ellipse(x + 0.008, y + 0.058, 0.026, 0.017), shade, { opacity: 0.5, soft: 0.02 })
  paint(canvas, arc(x, y + 0.048, 0.017, 0.5, 2.64, 0.0035), mix(shade, dark, 0.35), { opacity: 0.75 })
  paint(canvas, ellipse(x - 0.006, y + 0.03, 0.009, 0.028), mix(skin, [1, 1, 1], 0.4), {
    opacity: 0.34,
    soft: 0.02,
  })
  if (looks.freckles === true) freckles(canvas, shade)
  if (looks.old === true) wrinkles(canvas, shade)
  if (looks.beard !== undefined) beard(canvas, looks)
  mouth(canvas, looks.smile ?? 0.6, skin)
}

function mouth(canvas: Canvas, smile: number, skin: Colour): void {
  const { x, y } = face
  const lip = mix(skin, colour('#a8322f'), 0.58)
  const my = y + 0.103
  if (smile > 0.5) {
    const open = both(ellipse(x, my, 0.057, 0.02 + smile * 0.018), (_px, py) => my - py)
    paint(canvas, open, mix(lip, [0.25, 0.02, 0.04], 0.55))
    const teeth = both(open, (_px, py) => py - my - 0.012 - smile * 0.006)
    paint(canvas, teeth, [0.99, 0.98, 0.95])
    paint(
      canvas,
      without(arc(x, my - 0.03, 0.064, 0.5, 2.64, 0.0055), () => 1),
      lip,
    )
    paint(canvas, line(x - 0.057, my, x + 0.057, my, 0.004), lip)
  } else {
    paint(canvas, arc(x, my - 0.07, 0.085, 0.95, 2.19, 0.0065), lip)
    paint(canvas, ellipse(x, my + 0.022, 0.027, 0.006), mix(lip, [1, 1, 1], 0.1), {
      opacity: 0.5,
      soft: 0.012,
    })
  }
}

function freckles(canvas: Canvas, shade: Colour): void {
  const { x, y } = face
  const spots = [-0.11, -0.092, -0.075, -0.05, -0.028, 0.03, 0.052, 0.073, 0.094, 0.112]
  for (const [at, dx] of spots.entries()) {
    const dy = 0.04 + ((at * 37) % 11) * 0.0038
    paint(canvas, circle(x + dx, y + dy, 0.0042), shade, { opacity: 0.55, soft: 0.005 })
  }
}

function wrinkles(canvas: Canvas, shade: Colour): void {
  const { x, y } = face
  for (const side of [-1, 1]) {
    const from = side < 0 ? 2.4 : -0.5
    paint(canvas, arc(x + side * 0.085, y + 0.01, 0.048, from, from + 1.1, 0.0022), shade, { opacity: 0.7 })
    paint(canvas, line(x + side * 0.045, y + 0.066, x + side * 0.076, y + 0.098, 0.0026), shade, {
      opacity: 0.75,
    })
  }
  for (const up of [0.092, 0.112]) {
    paint(canvas, arc(x, y - up + 0.2, 0.2, -1.85, -1.29, 0.0021), shade, { opacity: 0.6 })
  }
}

function beard(canvas: Canvas, { beard: kind, hairColour, hair, skin }: Looks): void {
  const { x, y, rx, ry } = face
  const tone = hair === 'scarf' ? colour('#3b2a20') : colour(hairColour)
  if (kind !== 'stubble') {
    const half = (side: number) => ellipse(x + side * 0.032, y + 0.088, 0.04, 0.015)
    paint(canvas, either(half(-1), half(1)), mix(tone, [0, 0, 0], 0.12))
  }
  if (kind === 'moustache') return
  const cheeks = without(ellipse(x, y + 0.012, rx * 0.97, ry + 0.012), ellipse(x, y - 0.02, rx * 0.84, 0.112))
  const lower = without(
    both(cheeks, (_px, py) => y + 0.02 - py),
    ellipse(x, y + 0.108, 0.062, 0.026),
  )
  if (kind === 'stubble') {
    paint(canvas, lower, mix(tone, colour(skin), 0.35), { opacity: 0.42, soft: 0.03 })
    return
  }
  paint(canvas, lower, (_px, py) => mix(tone, mix(tone, [0, 0, 0], 0.4), smooth(y, y + ry, py)), {
    soft: 0.008,
  })
}
