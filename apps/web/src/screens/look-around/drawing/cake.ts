/**
 * A cake with burning candles in a dark room.
 *
 * @module
 */
import { across, chanceOf, fade, glow, type Size } from './strokes.ts'

export function drawCake(canvas: CanvasRenderingContext2D, { width, height }: Size): void {
  const table = 452
  canvas.fillStyle = fade(canvas, 0, height, ['#2a1b2b', '#4a2a33', '#2c1a22'])
  canvas.fillRect(0, 0, width, height)
  const chance = chanceOf(23)
  for (let light = 0; light < 16; light++) {
    const colour = light % 3 === 0 ? '255 150 110' : '255 205 130'
    glow(canvas, chance() * width, chance() * 300, 24 + 52 * chance(), colour, 0.22)
  }
  canvas.fillStyle = fade(canvas, table, height, ['#7c4a36', '#4c2a23'])
  canvas.fillRect(0, table, width, height - table)
  glow(canvas, 480, 250, 460, '255 196 110', 0.6)
  canvas.fillStyle = '#efe6df'
  canvas.beginPath()
  canvas.ellipse(480, 546, 330, 54, 0, 0, 2 * Math.PI)
  canvas.fill()
  canvas.fillStyle = 'rgb(70 40 40 / 35%)'
  canvas.beginPath()
  canvas.ellipse(480, 542, 262, 36, 0, 0, 2 * Math.PI)
  canvas.fill()

  const sides = across(canvas, 240, 720, ['#7c4630', '#b5764c', '#8d5237'])
  canvas.fillStyle = sides
  canvas.beginPath()
  canvas.moveTo(240, 360)
  canvas.lineTo(240, 520)
  canvas.ellipse(480, 520, 240, 40, 0, Math.PI, 0, true)
  canvas.lineTo(720, 360)
  canvas.fill()
  canvas.fillStyle = across(canvas, 240, 720, ['#e2cfc6', '#fff6ec', '#ead8cd'])
  canvas.beginPath()
  canvas.ellipse(480, 360, 240, 46, 0, 0, 2 * Math.PI)
  canvas.fill()
  // Icing runs down as far as it likes.
  const drops = [44, 84, 30, 66, 104, 52, 34, 88, 58, 40, 74, 48]
  canvas.beginPath()
  canvas.moveTo(240, 360)
  drops.forEach((down, at) => {
    const from = 240 + at * 40
    const round = 38 * Math.sqrt(1 - ((from + 20 - 480) / 242) ** 2)
    canvas.bezierCurveTo(
      from,
      360 + down + round,
      from + 40,
      360 + down + round,
      from + 40,
      372 + round * 0.7,
    )
  })
  canvas.lineTo(720, 360)
  canvas.fill()

  for (let at = 0; at < 7; at++) {
    const x = 300 + at * 60
    const foot = 366 + (at % 2 === 0 ? -14 : 16)
    const colour = ['#e2725b', '#f2c14e', '#7fb5a5'][at % 3] ?? '#e2725b'
    canvas.fillStyle = across(canvas, x - 9, x + 9, [colour, '#fff3df', colour])
    canvas.beginPath()
    canvas.roundRect(x - 9, foot - 104, 18, 106, 6)
    canvas.fill()
    glow(canvas, x, foot - 132, 66, '255 190 90', 0.8)
    for (const [size, flame] of [
      [1, '#ff9f43'],
      [0.6, '#fff2c9'],
    ] as const) {
      const top = foot - 108 - 48 * size
      canvas.fillStyle = flame
      canvas.beginPath()
      canvas.moveTo(x, top)
      canvas.bezierCurveTo(x + 17 * size, foot - 128, x + 11 * size, foot - 106, x, foot - 106)
      canvas.bezierCurveTo(x - 11 * size, foot - 106, x - 17 * size, foot - 128, x, top)
      canvas.fill()
    }
  }
}
