/**
 * A peer whose answers a test writes down, and which counts what is asked of it.
 *
 * @module
 */
import type { HookPeer } from '../src/hook-peer.ts'

/** A value that changes, and all who follow it. */
export function createFeedOf<Value>(initial: Value) {
  let value = initial
  let following = 0
  let opened = 0
  let failure: Error | null = null
  const wakes = new Set<() => void>()
  const wakeAll = (): void => {
    for (const wake of [...wakes]) wake()
  }

  async function* follow(signal: AbortSignal): AsyncGenerator<Value> {
    following++
    opened++
    try {
      for (;;) {
        if (failure !== null) throw failure
        const { promise, resolve } = Promise.withResolvers<void>()
        wakes.add(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
        yield value
        await promise
        wakes.delete(resolve)
        if (signal.aborted) return
      }
    } finally {
      following--
    }
  }

  return {
    follow,
    set(next: Value) {
      value = next
      wakeAll()
    },
    /** What everybody gets from now on, until it is null again. */
    fail(error: Error | null) {
      failure = error
      wakeAll()
    },
    get value() {
      return value
    },
    get following() {
      return following
    },
    get opened() {
      return opened
    },
  }
}

export interface Row {
  readonly cid: string
  readonly text: string
}

export function rows(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, at) => ({
    cid: `row ${count - 1 - at}`,
    text: `text ${count - 1 - at}`,
  }))
}

export function createFakePeer(timeline: readonly Row[] = []) {
  const table = createFeedOf(timeline)
  const profiles = createFeedOf<Readonly<Record<string, string>>>({})
  const statuses = createFeedOf<unknown>({ unverified: 3 })
  const presence = createFeedOf<unknown>({ here: [] })
  const drops = createFeedOf<readonly { readonly id: string; readonly isRequest: boolean }[]>([])
  const asked: { readonly name: string; readonly args: readonly unknown[] }[] = []
  const fetches: {
    resolve(): void
    reject(error: Error): void
    progress(done: number): void
    signal: AbortSignal
  }[] = []
  const files = new Map<string, readonly Uint8Array[]>()

  async function* pages(args: readonly unknown[], signal: AbortSignal) {
    const { after, limit } = args.at(-1) as { readonly after: string | null; readonly limit: number }
    for await (const all of table.follow(signal)) {
      const from = after === null ? 0 : all.findIndex(({ cid }) => cid === after) + 1
      const items = all.slice(from, from + limit).map((row) => ({ ...row }))
      yield { items, next: from + limit < all.length ? items.at(-1)?.cid : null }
    }
  }

  async function* profile([identity]: readonly unknown[], signal: AbortSignal) {
    for await (const all of profiles.follow(signal)) yield all[String(identity)] ?? null
  }

  const peer = {
    identity: 'did:key:z6Mkfake',
    live(name: string, args: readonly unknown[], signal: AbortSignal) {
      asked.push({ name, args })
      return name === 'profile' ? profile(args, signal) : pages(args, signal)
    },
    statuses: statuses.follow,
    presence: { watch: presence.follow },
    drops: {
      counts: drops.follow,
      list: async (which: 'waiting' | 'requests') =>
        drops.value.filter(({ isRequest }) => isRequest === (which === 'requests')),
      accept: async () => {},
      remove: async (id: string) => drops.set(drops.value.filter((drop) => drop.id !== id)),
    },
    async fetchBlob(
      _root: string,
      options: {
        readonly signal: AbortSignal
        readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
      },
    ) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const { signal } = options
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      fetches.push({ resolve, reject, signal, progress: (done) => options.onProgress?.({ done, total: 10 }) })
      await promise
    },
    async *readFile(root: string) {
      yield* files.get(root) ?? []
    },
  }
  return {
    peer: peer as unknown as HookPeer,
    table,
    profiles,
    statuses,
    presence,
    drops,
    asked,
    fetches,
    files,
  }
}
