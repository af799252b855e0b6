/** When a page has come to rest: no clock tells that. */
import type { Page } from 'playwright'

/** Resolves once nothing in the page changed or moves, its height neither, and every picture has come, for `frames` frames on end. */
export async function settled(page: Page, frames = 10): Promise<void> {
  await page.evaluate(`new Promise((done) => {
    let still = 0
    let height = 0
    const watch = new MutationObserver(() => { still = 0 })
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    const moves = (animation) =>
      animation.playState === 'running' && Number.isFinite(animation.effect?.getComputedTiming().endTime)
    const look = () => {
      const rests =
        document.documentElement.scrollHeight === height &&
        [...document.images].every((image) => image.complete) &&
        !document.getAnimations().some(moves)
      still = rests ? still + 1 : 0
      height = document.documentElement.scrollHeight
      if (still < ${frames}) return requestAnimationFrame(look)
      watch.disconnect()
      done()
    }
    requestAnimationFrame(look)
  })`)
}
