/**
 * A dedicated worker with a browser store, driven by a test in the page.
 *
 *     page ─{ id, call, … }▶ here ─{ id, value | code }▶ page      of each own entry: { acknowledged }
 *
 * @module
 */
import './worker-scope.ts'
import { EffigyError, rawCid } from '@effigy/core'
import { createNobleCrypto } from '@effigy/crypto/noble'
import { mainDatabase } from '../src/browser/open-store.ts'
import { deleteFolder, openPool } from '../src/browser/pool.ts'
import {
  type BrowserStore,
  deleteBrowserStore,
  importBrowserStore,
  openBrowserStore,
} from '../src/browser.ts'
import type { Store } from '../src/store.ts'
import { headOf, testFeed, testIdentity } from './feed-maker.ts'

export type Call =
  | { readonly call: 'open'; readonly name: string; readonly whenTaken?: 'wait' | 'refuse' }
  /** One after another; the length of each is told when it is acknowledged. */
  | { readonly call: 'publish'; readonly upTo: number }
  | { readonly call: 'lengths' }
  | { readonly call: 'facts' }
  | { readonly call: 'close' }
  | { readonly call: 'delete'; readonly name: string }
  | { readonly call: 'put-blocks'; readonly count: number }
  /** All of it, or as much as is given before so many more entries are written. */
  | { readonly call: 'export' }
  | {
      readonly call: 'import'
      readonly name: string
      readonly bytes: Uint8Array
      /** Its signatures, which are made of hashes here, are taken to be wrong. */
      readonly isForged?: boolean
    }
  /** What goes wrong with a browser. */
  | { readonly call: 'lose-files'; readonly name: string }
  | { readonly call: 'be-newer'; readonly name: string }
  | { readonly call: 'have-no-files' }
  | { readonly call: 'have-no-handles'; readonly hasNone: boolean }
  | { readonly call: 'have-no-marks'; readonly hasNone: boolean }
  | { readonly call: 'be-full'; readonly isFull: boolean }

const { sha256 } = createNobleCrypto()
const { signal } = new AbortController()
const alice = testIdentity('alice')
let opened: BrowserStore | null = null

function current(): BrowserStore {
  if (opened === null) throw new Error('no store is open')
  return opened
}

const lengths = (): number[] => Array.from(current().store.chain(alice), ({ signed }) => signed.entry.length)

/** Named in a worker's types alone, and pages have types of this file. */
const handles = globalThis as unknown as {
  readonly FileSystemSyncAccessHandle: { readonly prototype: { write: unknown } }
}
const { prototype } = handles.FileSystemSyncAccessHandle
const { write } = prototype
const files = FileSystemFileHandle.prototype
const createSyncAccessHandle: unknown = Reflect.get(files, 'createSyncAccessHandle')
const haveNone = (): Promise<never> => Promise.reject(new DOMException('none', 'NotSupportedError'))
const refuse = (): never => {
  throw new DOMException('no room', 'QuotaExceededError')
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100_001) yield bytes.subarray(at, at + 100_001)
}

async function answer(call: Call): Promise<unknown> {
  switch (call.call) {
    case 'open': {
      const { name, whenTaken = 'refuse' } = call
      opened = await openBrowserStore({ name, sha256, now: Date.now, whenTaken, signal })
      const { persistence, reason, history, store } = opened
      return {
        persistence,
        reason,
        history,
        finished: store.setting('finished'),
        blocks: store.blobUsage().blocks,
      }
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
    case 'put-blocks': {
      const { store } = current()
      const blocks = Array.from({ length: call.count }, (_, at) => new Uint8Array(70_000).fill(at))
      store.putBlocks(blocks.map((bytes) => [rawCid(bytes, sha256), bytes]))
      return null
    }
    case 'export': {
      const pieces: Uint8Array[] = []
      for await (const piece of current().exportAll?.({ signal }) ?? []) {
        // What is written meanwhile is not in it.
        if (pieces.length === 1) await answer({ call: 'publish', upTo: lengths().length + 5 })
        pieces.push(piece)
      }
      return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer())
    }
    case 'import': {
      const { name, bytes, isForged = false } = call
      const finish = (store: Store): void => store.saveSetting('finished', 'yes')
      const told: number[] = []
      const onProgress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
        told.push(done / total)
      }
      const verify = async (checks: readonly unknown[]) => checks.map(() => !isForged)
      const options = { name, sha256, verify, now: Date.now, signal, finish, bytes: bytes.length, onProgress }
      const result = await importBrowserStore(inPieces(bytes), options)
      if (result.ok && (told.at(-1) !== 1 || told.some((part, at) => part < (told[at - 1] ?? 0))))
        throw new Error(`progress goes ${told.join(' ')}`)
      return result.ok ? result.value : result.error.code
    }
    case 'lose-files':
      await deleteFolder(call.name, signal)
      return null
    case 'be-newer': {
      const pool = await openPool(call.name, signal)
      const main = pool.open('main.sqlite', mainDatabase)
      main.script('pragma user_version = 10000')
      main[Symbol.dispose]()
      pool[Symbol.dispose]()
      return null
    }
    case 'have-no-files':
      Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createSyncAccessHandle')
      return null
    case 'have-no-handles':
      Reflect.set(files, 'createSyncAccessHandle', call.hasNone ? haveNone : createSyncAccessHandle)
      return null
    case 'have-no-marks':
      if (call.hasNone) Reflect.set(indexedDB, 'open', refuse)
      else Reflect.deleteProperty(indexedDB, 'open')
      return null
    case 'be-full':
      prototype.write = call.isFull ? refuse : write
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
