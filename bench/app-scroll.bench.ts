/**
 * A minute of scrolling through a timeline of 50,000 posts: how long anything in view is blank, and how long frames take.
 *
 *     store of one browser with 50,000 notes of friends ─▶ Home ─wheel, 60 s▶ each frame: is there a note wherever there should be?
 *
 * Read it on a machine that does nothing else: what is measured are frames.
 *
 * @module
 */
import { openFriend } from '../tools/app-kit/friend.ts'
import { type AppPerson, openBrowsers } from '../tools/app-kit/person.ts'
import { openAppWorld } from '../tools/app-kit/world.ts'
import { type Figure, figure } from './figure.ts'

const posts = 50_000
const scrollMs = 60_000
/** Pixels a second: a hard fling, without rest. */
const speed = 6_000

/** ms that issue 8 allows something to be blank. */
const mostBlankMs = 200

const text = (at: number): string =>
  `Note ${at}. ${'It says a few words more than it has to. '.repeat(at % 6)}${at % 9 === 0 ? '#boats' : ''}`

export async function* bench(): AsyncIterable<Figure> {
  await using world = await openAppWorld()
  await using browsers = await openBrowsers()
  await using bea = await openFriend(world, { name: 'Bea' })
  for (let at = 0; at < posts; at += 500) {
    await Promise.all(Array.from({ length: 500 }, (_, more) => bea.say(text(at + more + 1))))
  }
  await bea.peer.settled(AbortSignal.timeout(600_000))
  const ada = await browsers.arrive(world, { path: `/${await bea.invite()}` })
  await ada.start('Ada')
  await ada.page.getByText(`Note ${posts}.`).waitFor({ timeout: 120_000 })
  await allThere(ada)
  await ada.page.reload()
  await ada.page.getByText(`Note ${posts}.`).waitFor({ timeout: 120_000 })
  const { blankMs, frameMs, longestMs, notes } = await scroll(ada)
  yield figure('app.scroll.blank', blankMs, 'ms', { ratio: blankMs / mostBlankMs, of: `${mostBlankMs} ms` })
  yield figure('app.scroll.frame.p95', frameMs, 'ms')
  yield figure('app.scroll.frame.longest', longestMs, 'ms')
  yield figure('app.scroll.notes', notes, 'notes')
}

/** Everything has come, and its signatures are checked: what is measured is a list, not a first sync. */
async function allThere({ page }: AppPerson): Promise<void> {
  let last = ''
  for (let quiet = 0; quiet < 5; ) {
    await page.waitForTimeout(2_000)
    const used = String(await page.evaluate('navigator.storage.estimate().then(({ usage }) => usage)'))
    quiet = used === last ? quiet + 1 : 0
    last = used
  }
}

interface Scrolled {
  /** The longest time that some of the screen was without a note. */
  readonly blankMs: number
  readonly frameMs: number
  readonly longestMs: number
  /** That were gone past. */
  readonly notes: number
}

async function scroll({ page }: AppPerson): Promise<Scrolled> {
  const found = await page.evaluate(`(async () => {
    const frames = []
    let blankSince = null
    let blankMs = 0
    const began = performance.now()
    let before = began
    let at = scrollY
    // Where a note has to be: below the top of the list, above the bar.
    const isBlank = () => [0.25, 0.5, 0.75].some((share) => {
      const found = document.elementFromPoint(innerWidth / 2, innerHeight * share)
      return found?.closest('article') == null
    })
    for (;;) {
      const now = await new Promise(requestAnimationFrame)
      frames.push(now - before)
      if (now - began > ${scrollMs}) break
      at += ${speed} * (now - before) / 1000
      before = now
      scrollTo(0, at)
      if (now - began < 1000) continue
      if (!isBlank()) blankSince = null
      else {
        blankSince ??= now
        blankMs = Math.max(blankMs, now - blankSince)
      }
    }
    frames.sort((a, b) => a - b)
    const last = [...document.querySelectorAll('article')].at(-1)?.textContent ?? ''
    return {
      blankMs,
      frameMs: frames[Math.floor(frames.length * 0.95)],
      longestMs: frames.at(-1),
      notes: ${posts} - Number(/Note (\\d+)/.exec(last)?.[1] ?? ${posts}),
    }
  })()`)
  return found as Scrolled
}
