/**
 * Shapes by their distance (canvas.ts), and hills by their noise.
 *
 * @module
 */
import type { Shape } from './canvas.ts'
import { type Chance, chanceOf } from './chance.ts'

export const circle =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius

/** Nearly: exact on its axes, close enough elsewhere for an edge. */
export const ellipse =
  (cx: number, cy: number, rx: number, ry: number): Shape =>
  (x, y) => {
    const far = Math.hypot((x - cx) / rx, (y - cy) / ry)
    return (far - 1) * Math.min(rx, ry)
  }

export const box =
  (cx: number, cy: number, halfWidth: number, halfHeight: number, round = 0): Shape =>
  (x, y) => {
    const dx = Math.abs(x - cx) - halfWidth + round
    const dy = Math.abs(y - cy) - halfHeight + round
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - round
  }

/** A line of that thickness with round ends. */
export const line =
  (x1: number, y1: number, x2: number, y2: number, radius: number): Shape =>
  (x, y) => {
    const dx = x2 - x1
    const dy = y2 - y1
    const along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)
    const part = Math.min(1, Math.max(0, along))
    return Math.hypot(x - x1 - dx * part, y - y1 - dy * part) - radius
  }

/** Convex, corners clockwise. */
export const polygon =
  (...corners: readonly (readonly [number, number])[]): Shape =>
  (x, y) => {
    let far = -Infinity
    for (const [at, [x1, y1]] of corners.entries()) {
      const [x2, y2] = corners[(at + 1) % corners.length] ?? [x1, y1]
      const length = Math.hypot(x2 - x1, y2 - y1) || 1
      far = Math.max(far, ((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)) / length)
    }
    return far
  }

/** All that lies under a line. */
export const below =
  (height: (x: number) => number): Shape =>
  (x, y) =>
    height(x) - y

/** Part of a ring: from one angle to another, clockwise from the right. */
export const arc =
  (cx: number, cy: number, radius: number, from: number, to: number, thick: number): Shape =>
  (x, y) => {
    const angle = Math.atan2(y - cy, x - cx)
    if (angle >= from && angle <= to) return Math.abs(Math.hypot(x - cx, y - cy) - radius) - thick
    const end = (at: number): number =>
      Math.hypot(x - cx - radius * Math.cos(at), y - cy - radius * Math.sin(at))
    return Math.min(end(from), end(to)) - thick
  }

export const either =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    shapes.reduce((least, shape) => Math.min(least, shape(x, y)), Infinity)

export const both =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    shapes.reduce((most, shape) => Math.max(most, shape(x, y)), -Infinity)

export const without =
  (shape: Shape, hole: Shape): Shape =>
  (x, y) =>
    Math.max(shape(x, y), -hole(x, y))

/** Turned about a point, by radians clockwise. */
export const turned = (shape: Shape, cx: number, cy: number, angle: number): Shape => {
  const cos = Math.cos(-angle)
  const sin = Math.sin(-angle)
  return (x, y) => shape(cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos)
}

/** Smooth noise along a line: about 0, at most 1 away from it. */
export function ridge(chance: Chance, octaves: number, frequency: number): (x: number) => number {
  const waves = Array.from({ length: octaves }, (_none, octave) => {
    const values = Array.from({ length: 64 }, () => chance.between(-1, 1))
    return { values, step: frequency * 2 ** octave, weight: 0.55 ** octave }
  })
  const total = waves.reduce((sum, { weight }) => sum + weight, 0)
  return (x) => {
    let sum = 0
    for (const { values, step, weight } of waves) {
      const place = x * step + 7
      const at = Math.floor(place)
      const part = place - at
      const ease = part * part * (3 - 2 * part)
      const from = values[at & 63] ?? 0
      const to = values[(at + 1) & 63] ?? 0
      sum += (from + (to - from) * ease) * weight
    }
    return sum / total
  }
}

/** The same over a plane. */
export function cloudiness(seed: string, octaves: number): (x: number, y: number) => number {
  const chance = chanceOf(seed, 'clouds')
  const values = Float32Array.from({ length: 4096 }, () => chance.between(-1, 1))
  const at = (x: number, y: number): number => values[((y & 63) << 6) | (x & 63)] ?? 0
  return (x, y) => {
    let sum = 0
    let weight = 1
    let total = 0
    for (let octave = 0; octave < octaves; octave++) {
      const px = x * 2 ** octave + octave * 17
      const py = y * 2 ** octave + octave * 31
      const ix = Math.floor(px)
      const iy = Math.floor(py)
      const fx = (px - ix) ** 2 * (3 - 2 * (px - ix))
      const fy = (py - iy) ** 2 * (3 - 2 * (py - iy))
      const top = at(ix, iy) + (at(ix + 1, iy) - at(ix, iy)) * fx
      const bottom = at(ix, iy + 1) + (at(ix + 1, iy + 1) - at(ix, iy + 1)) * fx
      sum += (top + (bottom - top) * fy) * weight
      total += weight
      weight *= 0.5
    }
    return sum / total
  }
}
