/** Words that do not fit where they stand, and so are not to be read. */
import type { Page } from 'playwright'

/** Texts that a box cuts off, and in which box; not those of which three dots say that there is more, nor what can be scrolled to. */
export async function cutOff(page: Page): Promise<readonly string[]> {
  const found = (await page.evaluate(`(() => {
    const found = []
    const range = document.createRange()
    const cuts = /hidden|clip/
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      range.selectNodeContents(walk.currentNode)
      const text = range.getBoundingClientRect()
      let box = walk.currentNode.parentElement
      // What is folded up is not shown at all.
      if (text.width === 0 || !box.checkVisibility()) continue
      for (; box !== document.body; box = box.parentElement) {
        const { overflowX, overflowY, position, textOverflow, webkitLineClamp } = getComputedStyle(box)
        // A pixel wide is what is there to be heard only; words of what is on its way make room for what turns.
        if (box.clientWidth === 1 || box.dataset.loading || /auto|scroll/.test(overflowX)) break
        if (textOverflow === 'ellipsis' || webkitLineClamp !== 'none') break
        const { left, right, top, bottom } = box.getBoundingClientRect()
        const isTooWide = cuts.test(overflowX) && (text.left < left - 1 || text.right > right + 1)
        // Letters leave room above and below, which may be cut.
        const isTooHigh = cuts.test(overflowY) && (text.top < top - 4 || text.bottom > bottom + 4)
        if (isTooWide || isTooHigh) {
          found.push(walk.currentNode.data.trim().slice(0, 80) + ' is cut off by ' + box.className)
          break
        }
        if (position === 'fixed') break
      }
    }
    return found
  })()`)) as readonly string[]
  return [...new Set(found)]
}
