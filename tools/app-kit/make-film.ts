/**
 * A film of a second, made in a page by its own recorder, and put where a person would choose one.
 *
 * @module
 */
import type { Page } from 'playwright'

/** `input`: which of the page's file inputs. */
export async function chooseFilm(page: Page, input: number, name: string): Promise<void> {
  await page.evaluate(`(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 320
    canvas.height = 180
    const context = canvas.getContext('2d')
    let at = 0
    const draw = () => {
      const sky = context.createLinearGradient(0, 0, 0, 180)
      sky.addColorStop(0, '#f7c59f')
      sky.addColorStop(0.6, '#ef8354')
      sky.addColorStop(1, '#2d3142')
      context.fillStyle = sky
      context.fillRect(0, 0, 320, 180)
      context.fillStyle = '#ffe8a3'
      context.beginPath()
      context.arc(60 + 6 * at++, 90, 26, 0, 7)
      context.fill()
    }
    draw()
    const timer = setInterval(draw, 40)
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs=vp8' })
    const pieces = []
    recorder.ondataavailable = ({ data }) => pieces.push(data)
    const over = new Promise((resolve) => { recorder.onstop = resolve })
    recorder.start()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    recorder.stop()
    await over
    clearInterval(timer)
    const chosen = new DataTransfer()
    chosen.items.add(new File(pieces, ${JSON.stringify(name)}, { type: 'video/webm' }))
    const input = document.querySelectorAll('input[type=file]')[${input}]
    input.files = chosen.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })()`)
}
