/**
 * A dedicated worker with a browser store, driven by a test in the page.
 *
 *     page ─{ id, call, … }▶ here ─{ id, value | code }▶ page      of each own entry: { acknowledged }
 *
 * @module
 */
import './worker-scope.ts'
import { EffigyError } from '@effigy/core'
import { createNobleCrypto } from '@effigy/crypto/noble'
import { type BrowserStore, deleteBrowserStore, openBrowserStore } from '../src/browser.ts'
import { headOf, testFeed, testIdentity } from './feed-maker.ts'

export type Call =
  | { readonly call: 'open'; readonly name: string; readonly whenTaken?: 'wait' | 'refuse' }
  /** One after another; the length of each is told when it is acknowledged. */
  | { readonly call: 'publish'; readonly upTo: number }
  | { readonly call: 'lengths' }
  | { readonly call: 'facts' }
  | { readonly call: 'close' }
  | { readonly call: 'delete'; readonly name: string }

const { sha256 } = createNobleCrypto()
const { signal } = new AbortController()
const alice = testIdentity('alice')
let opened: BrowserStore | null = null

function current(): BrowserStore {
  if (opened === null) throw new Error('no store is open')
  return opened
}

const lengths = (): number[] => Array.from(current().store.chain(alice), ({ signed }) => signed.entry.length)

async function answer(call: Call): Promise<unknown> {
  switch (call.call) {
    case 'open': {
      const { name, whenTaken = 'refuse' } = call
      opened = await openBrowserStore({ name, sha256, now: Date.now, whenTaken, signal })
      const { persistence, reason, history } = opened
      return { persistence, reason, history }
    }
    case 'publish': {
      const { store } = current()
      const chain = testFeed(alice, call.upTo)
      for (const entry of chain.slice(lengths().length)) {
        const { length } = entry.entry
        store.appendOwn([{ entry, body: null }], headOf(chain.slice(0, length)))
        postMessage({ acknowledged: length })
      }
      return lengths().length
    }
    case 'lengths':
      return lengths()
    case 'facts':
      return { room: await current().room(), isThere: await current().isThere() }
    case 'close':
      current()[Symbol.dispose]()
      opened = null
      return null
    case 'delete':
      await deleteBrowserStore({ name: call.name, signal })
      return null
  }
}

addEventListener('message', async ({ data }: MessageEvent<Call & { readonly id: number }>) => {
  const { id } = data
  try {
    postMessage({ id, value: await answer(data) })
  } catch (cause) {
    postMessage({
      id,
      code: cause instanceof EffigyError ? cause.code : `${cause} ${(cause as Error).stack}`,
    })
  }
})
