/**
 * A face from the front, by how somebody looks.
 *
 * @module
 */
import { fade, type Size, shade } from './strokes.ts'

export interface Looks {
  readonly ground: readonly [string, string]
  readonly skin: string
  readonly hair: string
  readonly cut: 'bob' | 'bun' | 'curls' | 'long' | 'short'
  readonly clothes: string
  readonly hasBeard?: boolean
  readonly hasGlasses?: boolean
}

export function drawFace(canvas: CanvasRenderingContext2D, { width, height }: Size, looks: Looks): void {
  const { ground, skin, hair, cut, clothes, hasBeard = false, hasGlasses = false } = looks
  canvas.fillStyle = fade(canvas, 0, height, [...ground])
  canvas.fillRect(0, 0, width, height)
  const oval = (x: number, y: number, across: number, up: number): void => {
    canvas.beginPath()
    canvas.ellipse(x, y, across, up, 0, 0, 2 * Math.PI)
    canvas.fill()
  }

  // Behind the head.
  canvas.fillStyle = hair
  if (cut === 'long') {
    canvas.beginPath()
    canvas.roundRect(64, 62, 128, 158, [64, 64, 30, 30])
    canvas.fill()
  }
  if (cut === 'bob') oval(128, 122, 70, 72)
  if (cut === 'bun') oval(128, 44, 26, 24)
  if (cut === 'curls') {
    for (const [x, y, size] of curls) oval(x, y, size, size)
  }

  canvas.fillStyle = clothes
  oval(128, 282, 96, 86)
  canvas.fillStyle = shade(skin, 0.88)
  canvas.beginPath()
  canvas.roundRect(108, 150, 40, 62, 20)
  canvas.fill()
  canvas.fillStyle = skin
  oval(75, 128, 10, 14)
  oval(181, 128, 10, 14)
  oval(128, 122, 53, 64)

  if (hasBeard) {
    canvas.fillStyle = shade(hair, 0.9)
    canvas.beginPath()
    canvas.moveTo(76, 122)
    canvas.bezierCurveTo(78, 214, 178, 214, 180, 122)
    canvas.bezierCurveTo(172, 158, 152, 146, 128, 148)
    canvas.bezierCurveTo(104, 146, 84, 158, 76, 122)
    canvas.fill()
  }

  // In front of it.
  canvas.fillStyle = hair
  canvas.beginPath()
  if (cut === 'short') {
    canvas.moveTo(72, 116)
    canvas.bezierCurveTo(62, 40, 194, 34, 184, 116)
    canvas.bezierCurveTo(178, 92, 168, 84, 150, 80)
    canvas.bezierCurveTo(124, 88, 98, 86, 86, 90)
    canvas.bezierCurveTo(78, 96, 76, 104, 72, 116)
  } else {
    canvas.moveTo(70, 124)
    canvas.bezierCurveTo(62, 34, 194, 34, 186, 124)
    canvas.bezierCurveTo(180, 96, 158, 78, 134, 72)
    canvas.bezierCurveTo(112, 84, 82, 90, 70, 124)
  }
  canvas.fill()

  canvas.lineCap = 'round'
  canvas.strokeStyle = shade(cut === 'bun' ? '#8d8078' : hair, 0.8)
  canvas.lineWidth = 4.5
  for (const side of [-1, 1]) {
    const x = 128 + side * 22
    canvas.beginPath()
    canvas.moveTo(x - 10, 107)
    canvas.quadraticCurveTo(x, 101, x + 10, 107)
    canvas.stroke()
    canvas.fillStyle = '#2a2226'
    oval(x, 121, 5.5, 6.5)
    canvas.fillStyle = '#fff'
    oval(x + 2, 118.5, 1.8, 1.8)
    canvas.fillStyle = 'rgb(226 96 84 / 22%)'
    oval(128 + side * 34, 143, 12, 8)
  }
  canvas.strokeStyle = shade(skin, 0.76)
  canvas.lineWidth = 3.5
  canvas.beginPath()
  canvas.moveTo(129, 126)
  canvas.quadraticCurveTo(122, 142, 131, 142)
  canvas.stroke()
  canvas.fillStyle = hasBeard ? '#7c2f2c' : '#a8423f'
  canvas.beginPath()
  canvas.moveTo(107, 155)
  canvas.quadraticCurveTo(128, 181, 149, 155)
  canvas.quadraticCurveTo(128, 164, 107, 155)
  canvas.fill()
  if (!hasGlasses) return
  canvas.strokeStyle = '#4a3b36'
  canvas.lineWidth = 4
  canvas.beginPath()
  for (const side of [-1, 1]) {
    canvas.moveTo(128 + side * 23 + 19, 122)
    canvas.ellipse(128 + side * 23, 122, 19, 18, 0, 0, 2 * Math.PI)
    canvas.moveTo(128 + side * 42, 118)
    canvas.lineTo(128 + side * 54, 115)
  }
  canvas.moveTo(124, 120)
  canvas.lineTo(132, 120)
  canvas.stroke()
}

const curls = [
  [78, 84, 28],
  [100, 62, 30],
  [132, 52, 32],
  [162, 64, 30],
  [182, 88, 27],
  [68, 116, 24],
  [190, 120, 24],
  [66, 148, 22],
  [190, 152, 22],
] as const
