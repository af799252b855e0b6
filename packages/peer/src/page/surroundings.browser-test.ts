/** In a page of Chromium: what happens there is told. */
import { afterEach, expect, test } from 'vitest'
import type { SurroundingFacts } from '../surroundings/surroundings.ts'
import { connectPeer } from './connect-peer.ts'
import { tellSurroundings } from './surroundings.ts'

const told: [string, SurroundingFacts | null][] = []
const peer = {
  surroundings: { tell: (page: string, facts: SurroundingFacts | null) => void told.push([page, facts]) },
}

afterEach(() => {
  told.length = 0
  Reflect.deleteProperty(document, 'visibilityState')
  Reflect.deleteProperty(navigator, 'onLine')
})

const last = () => told.at(-1)?.[1]

function become(state: 'visible' | 'hidden'): void {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}

test('[R40] hidden, visible, offline, online, and that it is gone', async () => {
  {
    using _telling = tellSurroundings(peer, { page: 'tab' })
    await expect.poll(last).toMatchObject({ visible: true, online: true })
    become('hidden')
    await expect.poll(last).toMatchObject({ visible: false })
    become('visible')
    await expect.poll(last).toMatchObject({ visible: true })
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })
    window.dispatchEvent(new Event('offline'))
    await expect.poll(last).toMatchObject({ online: false })
    window.dispatchEvent(new Event('pagehide'))
    await expect.poll(last).toBeNull()
    // Nothing that trails brings it back, but its return does.
    become('visible')
    window.dispatchEvent(new Event('pageshow'))
    await expect.poll(last).toMatchObject({ visible: true })
  }
  await expect.poll(last).toBeNull()
  const before = told.length
  become('hidden')
  await Promise.resolve()
  expect(told).toHaveLength(before)
  expect(new Set(told.map(([page]) => page))).toEqual(new Set(['tab']))
})

test('[R40] the line and the battery, where the browser tells', async () => {
  const { connection } = navigator as unknown as { readonly connection?: EventTarget }
  expect(connection).toBeDefined()
  using _telling = tellSurroundings(peer)
  await expect.poll(last).toMatchObject({ metered: false })
  Object.defineProperty(connection, 'saveData', { value: true, configurable: true })
  connection?.dispatchEvent(new Event('change'))
  await expect.poll(last).toMatchObject({ metered: true })
  Reflect.deleteProperty(connection as object, 'saveData')
})

test('[R47] a peer that is gone, or refuses, breaks nothing', async () => {
  using _telling = tellSurroundings({
    surroundings: { tell: () => Promise.reject(new Error('the worker has ended')) },
  })
  become('hidden')
  become('visible')
  await new Promise((resolve) => setTimeout(resolve))
})

test('[R40] the peer in the worker hears it', async () => {
  const createWorker = () =>
    new Worker(new URL('../../test/surroundings.worker.ts', import.meta.url), { type: 'module' })
  await using page = connectPeer({ name: `surroundings-${Date.now()}`, version: 1, createWorker })
  await expect.poll(() => page.state.type, { timeout: 20_000 }).toBe('new')
  await page.device.create()
  const remote = await page.ready(AbortSignal.timeout(20_000))
  const isVisible = async () => (await remote.surroundings.show()).facts.visible
  await expect.poll(isVisible).toBe(true)
  become('hidden')
  await expect.poll(isVisible).toBe(false)
  become('visible')
  await expect.poll(isVisible).toBe(true)
})
