/**
 * A store in a browser that tabs write to and die over, what it must hold, and a peer in Node that follows it through
 * all of that.
 *
 *     openTab ◀heard─told▶ events ─▶ ledger ◀─judge─ inspect ◀─ store, with every tab dead
 *                 ╰─ session ─▶ follower: the same head, no fork
 *
 * @module
 */
import type { Identity, RawCid } from '@effigy/core'
import { type BenchPeer, listen, openBenchPeer } from '../../../bench/peers.ts'
import type { BrowserApp } from '../../browser-kit/app.ts'
import type { Tab, TestBrowser } from '../../browser-kit/browser.ts'
import { createLedger, type Kept, type Ledger } from '../kills/ledger.ts'
import type { ContentFact, Follower, Found, InspectOrder, Opened, TabEvent, WritingOrder } from './told.ts'

/** A tab that does not do what it is to do within this is a failure by itself, ms. */
const patienceMs = 30_000

/** Ms between two looks. */
const lookMs = 20

export interface Home extends AsyncDisposable {
  readonly name: string
  readonly identity: Identity | null
  /** Operations that were acknowledged, in all. */
  readonly acknowledged: number
  /** Of the lives since it was inspected. */
  readonly events: readonly TabEvent[]
  openTab(browser: TestBrowser): Promise<WritingTab>
  /** Resolves when so many events were told since it was inspected. */
  told(count: number): Promise<void>
  /** Resolves when the follower has what the home had when it was inspected. Throws what it finds. */
  followed(): Promise<void>
  /** Every tab is dead: what is wrong with what is left. */
  inspect(browser: TestBrowser, app: BrowserApp): Promise<Verdict>
}

export interface WritingTab {
  readonly tab: Tab
  /** Waits for the peer, of this tab or another one. */
  open(): Promise<Opened>
  /** Returns when it has begun. */
  write(order: WritingOrder): Promise<void>
}

export interface Verdict {
  readonly lost: number
  readonly damaged: number
  readonly forks: number
  readonly failures: readonly string[]
}

export async function createHome(name: string): Promise<Home> {
  await using owned = new AsyncDisposableStack()
  const follower = owned.use(await openBenchPeer(':memory:'))
  const { address, close } = await listen(follower.peer)
  owned.defer(close)
  const called: Follower = { address, identity: follower.peer.identity }
  const ledger = createLedger()
  const all = owned.move()
  let identity: Identity | null = null
  let newest: Length = { epoch: 0, length: 0 }
  let events: TabEvent[] = []
  let last: Found['head'] = null

  return {
    name,
    get identity() {
      return identity
    },
    get acknowledged() {
      return ledger.acknowledged
    },
    get events() {
      return events
    },
    async openTab(browser) {
      const tab = await browser.open({ name })
      const session = await tab.page.context().newCDPSession(tab.page)
      await session.send('Runtime.enable')
      await session.send('Runtime.addBinding', { name: 'told' })
      session.on('Runtime.bindingCalled', ({ payload }) => {
        const event = JSON.parse(payload) as TabEvent
        if (event.type === 'length' && isBehind(newest, event)) newest = event
        events.push(event)
        if (event.type !== 'begun') return
        // The tab may be dead by now.
        session.send('Runtime.evaluate', { expression: `heard(${event.id})` }).catch(() => {})
      })
      return {
        tab,
        async open() {
          const opened: Opened = await tab.page.evaluate(`openHere(${JSON.stringify(called)})`)
          if (identity === null) {
            identity = opened.identity
            follower.peer.watch(identity)
          }
          return opened
        },
        write: (order) => tab.page.evaluate(`keepWriting(${JSON.stringify(order)})`),
      }
    },
    told: (count) =>
      until(
        () => events.length >= count || events.some(({ type }) => type === 'failed'),
        () => `${events.length} of ${count} events told`,
      ),
    async followed() {
      const head = last
      if (identity === null || head === null) return
      const own = identity
      await until(
        () => hasAll(follower, own, head),
        () => `the follower has ${JSON.stringify(follower.store.feed(own)?.runs)} of ${head.length}`,
      )
    },
    async inspect(browser, app) {
      const failures = [...ledger.take(events.filter((event) => event.type !== 'length'))]
      events = []
      const order: InspectOrder = {
        name,
        identity: ledger.acknowledged > 0 ? identity : null,
        contents: [...ledger.contents].map(([content, { file }]) => [content, file]),
      }
      const found = await look(browser, app, order)
      last = found.head
      const lost = judge(ledger, found)
      if (found.head !== null && isBehind(found.head, newest)) {
        lost.push(`the head ${found.head.length} is behind the acknowledged ${newest.length}`)
      }
      const forks = identity === null ? [] : forksOf(follower, identity)
      return {
        lost: lost.length,
        damaged: found.faults.length,
        forks: forks.length,
        failures: [...failures, ...found.faults, ...lost, ...forks],
      }
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

interface Length {
  readonly epoch: number
  readonly length: number
}

const isBehind = (one: Length, other: Length): boolean =>
  one.epoch < other.epoch || (one.epoch === other.epoch && one.length < other.length)

async function look(browser: TestBrowser, app: BrowserApp, order: InspectOrder): Promise<Found> {
  const page = await browser.context.newPage()
  try {
    await page.goto(`${app.url}?inspect`)
    return await page.evaluate(`inspect(${JSON.stringify(order)})`)
  } finally {
    await page.close()
  }
}

function judge(ledger: Ledger, found: Found): string[] {
  const lost: string[] = []
  for (const [content, fact] of found.contents) {
    const kept = ledger.contents.get(content)
    if (kept === undefined) continue
    const fault = contentFault(kept, fact)
    if (fault !== null) lost.push(`${content} ${fault}`)
    if (kept.fate === 'uncertain') settle(ledger, content, fact)
  }
  return lost
}

function settle(ledger: Ledger, content: RawCid, { isOnChain, state }: ContentFact): void {
  ledger.settle(content, !isOnChain ? 'gone' : state === 'erased' ? 'erased' : 'present')
}

function contentFault({ fate }: Kept, { isOnChain, state, isWhole }: ContentFact): string | null {
  switch (fate) {
    case 'gone':
      return isOnChain ? 'was deleted or edited, and is back' : null
    case 'erased':
      return state === null || state === 'erased' ? null : 'was erased, and is shown'
    case 'uncertain':
      return null
    case 'present':
      if (!isOnChain || state === null) return 'was acknowledged, and is lost'
      if (state !== 'shown') return `was acknowledged, and is ${state}`
      return isWhole ? null : 'has other bytes'
  }
}

function hasAll(
  { store }: BenchPeer,
  identity: Identity,
  head: { readonly length: number; readonly cid: string },
): boolean {
  const [fork] = forksOf({ store }, identity)
  if (fork !== undefined) throw new Error(fork)
  const feed = store.feed(identity)
  if (feed?.broken != null) throw new Error(`the follower finds the feed broken: ${feed.broken.code}`)
  return feed?.record?.head.head === head.cid && feed.heldCount === head.length
}

function forksOf({ store }: Pick<BenchPeer, 'store'>, identity: Identity): readonly string[] {
  const isForked = store.feed(identity)?.disputedAbove != null || store.forkEvidence(identity).length > 0
  return isForked ? ['the follower sees a fork'] : []
}

/** Throws with what `how` says when it takes too long. */
export async function until(isSo: () => boolean | Promise<boolean>, how: () => string): Promise<void> {
  const end = performance.now() + patienceMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`not within ${patienceMs} ms: ${how()}`)
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
}
