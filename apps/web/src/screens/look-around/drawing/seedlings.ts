/**
 * Young plants in clay pots, in front of a window.
 *
 * @module
 */
import { across, chanceOf, fade, glow, ridge, type Size, shape } from './strokes.ts'

export function drawSeedlings(canvas: CanvasRenderingContext2D, { width, height }: Size): void {
  const sill = 470
  canvas.fillStyle = fade(canvas, 0, sill, ['#a9d3ee', '#d8ecf3', '#f3f2dc'])
  canvas.fillRect(0, 0, width, sill)
  glow(canvas, 770, 110, 420, '255 246 200')
  ridge(canvas, sill, ['#b9d6a4', 120, 0.005, 1.2])
  ridge(canvas, sill, ['#8fbb83', 70, 0.009, 3.4])
  canvas.fillStyle = '#f7f3ea'
  canvas.fillRect(466, 0, 28, sill)
  canvas.fillRect(0, 150, width, 18)
  canvas.fillStyle = 'rgb(90 80 60 / 12%)'
  canvas.fillRect(494, 0, 5, sill)
  canvas.fillRect(0, 168, width, 4)
  canvas.fillStyle = fade(canvas, sill, height, ['#e6c699', '#c9975d', '#a87443'])
  canvas.fillRect(0, sill, width, height - sill)
  canvas.fillStyle = 'rgb(255 240 200 / 45%)'
  canvas.fillRect(0, sill, width, 7)

  const chance = chanceOf(11)
  for (let at = 0; at < 5; at++) {
    const x = 116 + at * 182
    const foot = 566 + (at % 2) * 12
    canvas.fillStyle = 'rgb(60 30 10 / 22%)'
    canvas.beginPath()
    canvas.ellipse(x - 26, foot, 86, 15, 0, 0, 2 * Math.PI)
    canvas.fill()
    plant(canvas, x, foot - 118, 118 + 72 * chance(), chance)
    canvas.fillStyle = across(canvas, x - 62, x + 62, ['#a5512f', '#d97f52', '#b45d37'])
    shape(canvas, [x - 54, foot - 100, x + 54, foot - 100, x + 42, foot, x - 42, foot])
    canvas.fillStyle = across(canvas, x - 66, x + 66, ['#b65b36', '#e58c5d', '#c06840'])
    canvas.beginPath()
    canvas.roundRect(x - 64, foot - 124, 128, 32, 6)
    canvas.fill()
    canvas.fillStyle = '#4a2f22'
    canvas.beginPath()
    canvas.ellipse(x, foot - 122, 56, 7, 0, 0, 2 * Math.PI)
    canvas.fill()
  }
}

function plant(
  canvas: CanvasRenderingContext2D,
  x: number,
  foot: number,
  up: number,
  chance: () => number,
): void {
  const lean = (chance() - 0.3) * 34
  canvas.lineCap = 'round'
  canvas.strokeStyle = '#5d9147'
  canvas.lineWidth = 7
  canvas.beginPath()
  canvas.moveTo(x, foot)
  canvas.quadraticCurveTo(x, foot - up / 2, x + lean, foot - up)
  canvas.stroke()
  const greens = ['#4f8a3d', '#6aa84c', '#86bd5b'] as const
  for (let leaf = 0; leaf < 7; leaf++) {
    const share = 0.3 + (leaf / 6) * 0.7
    const side = leaf % 2 === 0 ? -1 : 1
    canvas.save()
    canvas.translate(x + lean * share * share, foot - up * share)
    canvas.rotate(side * (1.05 - 0.75 * (leaf === 6 ? 1 : share * 0.6)))
    canvas.fillStyle = greens[leaf % 3] ?? greens[0]
    const long = 62 - 26 * share + 12 * chance()
    canvas.beginPath()
    canvas.moveTo(0, 0)
    canvas.bezierCurveTo(-long * 0.42, -long * 0.35, -long * 0.25, -long * 0.9, 0, -long)
    canvas.bezierCurveTo(long * 0.25, -long * 0.9, long * 0.42, -long * 0.35, 0, 0)
    canvas.fill()
    canvas.restore()
  }
}
