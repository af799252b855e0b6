/** Words that do not fit where they stand, and so are not to be read. */
import type { Page } from 'playwright'

/**
 * Texts that a box cuts off, and in which box; not those of which three dots say that there is more, nor what can be scrolled to. And
 * buttons that have so little room that a word of theirs goes over two lines, but for the pseudo-locale, whose words are longer than any.
 */
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
      if (box.closest('.mantine-Button-label') !== null && document.documentElement.lang !== 'en-XA') {
        for (const { index, 0: word } of walk.currentNode.data.matchAll(/\\S+/g)) {
          range.setStart(walk.currentNode, index)
          range.setEnd(walk.currentNode, index + word.length)
          if (new Set(Array.from(range.getClientRects(), ({ top }) => Math.round(top))).size > 1)
            found.push(word + ' goes over two lines of a button')
        }
      }
      for (; box !== document.body; box = box.parentElement) {
        const { overflowX, overflowY, position, textOverflow, webkitLineClamp, whiteSpace } = getComputedStyle(box)
        // A pixel wide is what is there to be heard only; words of what is on its way make room for what turns.
        if (box.clientWidth === 1 || box.dataset.loading || /auto|scroll/.test(overflowX)) break
        if ((textOverflow === 'ellipsis' && whiteSpace.includes('nowrap')) || webkitLineClamp !== 'none') break
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
