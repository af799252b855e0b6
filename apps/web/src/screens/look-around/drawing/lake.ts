/**
 * A lake at sunset, with a boat on it.
 *
 * @module
 */
import { chanceOf, fade, glow, line, ridge, type Size, shape } from './strokes.ts'

export function drawLake(canvas: CanvasRenderingContext2D, { width, height }: Size): void {
  const shore = 372
  const sun = 610
  canvas.fillStyle = fade(canvas, 0, shore, ['#27335f', '#6d4a7d', '#c96a6b', '#f5a45b', '#ffd88c'])
  canvas.fillRect(0, 0, width, shore)
  glow(canvas, sun, shore - 12, 330, '255 226 150')
  canvas.fillStyle = '#fff1c4'
  canvas.beginPath()
  canvas.arc(sun, shore - 8, 58, 0, 2 * Math.PI)
  canvas.fill()
  ridge(canvas, shore, ['#8d5470', 62, 0.006, 0.4])
  ridge(canvas, shore, ['#553a5c', 34, 0.011, 2.1])
  canvas.fillStyle = fade(canvas, shore, height, ['#f0a765', '#a85f71', '#47406f', '#222a50'])
  canvas.fillRect(0, shore, width, height - shore)

  const chance = chanceOf(7)
  canvas.lineCap = 'round'
  for (let y = shore + 6; y < height; y += 7) {
    const depth = (y - shore) / (height - shore)
    // Broken light below the sun, and quiet lines all over the water.
    for (let count = 0; count < 3; count++) {
      const x = sun + (chance() - 0.5) * (90 + 150 * depth)
      line(canvas, x, y, 14 + 50 * chance(), 2 + 3 * depth, `rgb(255 232 170 / ${0.62 - 0.5 * depth})`)
    }
    const x = chance() * width
    line(canvas, x, y + 3, 40 + 110 * chance(), 1.5 + depth, `rgb(255 255 255 / ${0.05 + 0.08 * chance()})`)
  }

  // The boat, and what the water shows of it.
  const boat = (sail: string, hull: string): void => {
    canvas.fillStyle = sail
    shape(canvas, [352, 404, 352, 250, 424, 396])
    shape(canvas, [344, 404, 344, 276, 306, 398])
    canvas.fillStyle = hull
    shape(canvas, [288, 408, 440, 408, 420, 432, 308, 432])
  }
  canvas.save()
  canvas.translate(0, 864)
  canvas.scale(1, -1)
  canvas.globalAlpha = 0.28
  boat('#e9c3a2', '#2a1f35')
  canvas.restore()
  boat('#fbe6cc', '#33223a')

  canvas.strokeStyle = '#161a33'
  for (let count = 0; count < 42; count++) {
    const x = chance() < 0.6 ? chance() * 200 : width - chance() * 150
    const up = 60 + 150 * chance()
    canvas.lineWidth = 2 + 3 * chance()
    canvas.beginPath()
    canvas.moveTo(x, height + 10)
    canvas.quadraticCurveTo(x + 4, height - up / 2, x + 40 * (chance() - 0.5), height - up)
    canvas.stroke()
  }
}
