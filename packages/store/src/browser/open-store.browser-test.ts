import { afterEach, describe, expect, test } from 'vitest'
import type { Call } from '../../test/store.worker.ts'

interface TestWorker {
  call(call: Call): Promise<unknown>
  /** Lengths of own entries, as they were acknowledged. */
  readonly acknowledged: number[]
  /** Resolves when so many were. */
  until(count: number): Promise<void>
  end(): void
}

const running = new Set<TestWorker>()
let made = 0
const newName = (): string => `test-${Date.now().toString(36)}-${made++}`

afterEach(() => {
  for (const worker of running) worker.end()
})

function start(): TestWorker {
  const worker = new Worker(new URL('../../test/store.worker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(cause: unknown): void }>()
  const acknowledged: number[] = []
  let told = (): void => {}
  let calls = 0
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message))
  }
  worker.onmessage = ({ data }) => {
    if ('acknowledged' in data) {
      acknowledged.push(data.acknowledged)
      told()
      return
    }
    if ('code' in data) waiting.get(data.id)?.reject(new Error(data.code))
    else waiting.get(data.id)?.resolve(data.value)
    waiting.delete(data.id)
  }
  const tested: TestWorker = {
    acknowledged,
    call(call) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const id = calls++
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...call, id })
      return promise
    },
    until(count) {
      return new Promise((resolve) => {
        told = () => {
          if (acknowledged.length >= count) resolve()
        }
        told()
      })
    },
    end() {
      worker.terminate()
      running.delete(tested)
    },
  }
  running.add(tested)
  return tested
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

describe('a store on OPFS', () => {
  test('[S50] [S54] [S55] is new, durable, and kept', async () => {
    const name = newName()
    const first = start()
    expect(await first.call({ call: 'open', name })).toMatchObject({
      persistence: 'durable',
      reason: null,
      history: 'new',
    })
    expect(await first.call({ call: 'publish', upTo: 20 })).toBe(20)
    await first.call({ call: 'close' })
    expect(await first.call({ call: 'open', name })).toMatchObject({ history: 'kept' })
    expect(await first.call({ call: 'lengths' })).toEqual(upTo(20))
    expect(await first.call({ call: 'facts' })).toMatchObject({ isThere: true })
  })

  test('[S51] belongs to one worker: another is refused, or waits until the first is gone', async () => {
    const name = newName()
    const first = start()
    await first.call({ call: 'open', name })
    await first.call({ call: 'publish', upTo: 3 })
    const second = start()
    await expect(second.call({ call: 'open', name })).rejects.toThrow('storage-locked')
    const waiting = second.call({ call: 'open', name, whenTaken: 'wait' })
    await first.call({ call: 'publish', upTo: 5 })
    first.end()
    expect(await waiting).toMatchObject({ persistence: 'durable', history: 'kept' })
    expect(await second.call({ call: 'lengths' })).toEqual(upTo(5))
  })

  test('[S52] [T2] a worker ended in the middle of writing: all that was acknowledged is there', {
    timeout: 60_000,
  }, async () => {
    const name = newName()
    let there = 0
    for (let round = 1; round <= 5; round++) {
      const worker = start()
      await worker.call({ call: 'open', name, whenTaken: 'wait' })
      const lengths = (await worker.call({ call: 'lengths' })) as number[]
      expect(lengths.length).toBeGreaterThanOrEqual(there)
      expect(lengths).toEqual(upTo(lengths.length))
      worker.call({ call: 'publish', upTo: lengths.length + 300 }).catch(() => {})
      await worker.until(3 * round)
      worker.end()
      there = worker.acknowledged.at(-1) ?? there
    }
  })

  test('[S53] [T25] no room is told as such, and nothing is lost', async () => {
    const name = newName()
    const worker = start()
    await worker.call({ call: 'open', name })
    await worker.call({ call: 'publish', upTo: 3 })
    await worker.call({ call: 'be-full', isFull: true })
    await expect(worker.call({ call: 'publish', upTo: 4 })).rejects.toThrow('storage-full')
    await worker.call({ call: 'be-full', isFull: false })
    expect(await worker.call({ call: 'publish', upTo: 5 })).toBe(5)
  })

  test('[S2] [S51] a store of a later version is refused, and stays as it is', async () => {
    const name = newName()
    const worker = start()
    await worker.call({ call: 'be-newer', name })
    for (let round = 0; round < 2; round++) {
      await expect(worker.call({ call: 'open', name })).rejects.toThrow('storage-newer')
    }
  })

  test('[S55] [T24] entries that were here and are gone are told, and nothing is told of a store that was deleted', async () => {
    const name = newName()
    const worker = start()
    await worker.call({ call: 'open', name })
    await worker.call({ call: 'publish', upTo: 3 })
    await worker.call({ call: 'close' })
    await worker.call({ call: 'lose-files', name })
    expect(await worker.call({ call: 'open', name })).toMatchObject({
      persistence: 'durable',
      history: 'gone',
    })
    await worker.call({ call: 'close' })
    await worker.call({ call: 'delete', name })
    expect(await worker.call({ call: 'open', name })).toMatchObject({ history: 'new' })
  })

  test('[S55] [S57] where the mark cannot be read nothing is opened: what is there may not be whole', async () => {
    const name = newName()
    const worker = start()
    await worker.call({ call: 'open', name })
    await worker.call({ call: 'publish', upTo: 3 })
    await worker.call({ call: 'close' })
    await worker.call({ call: 'have-no-marks', hasNone: true })
    await expect(worker.call({ call: 'open', name })).rejects.toThrow('storage-failed')
    await worker.call({ call: 'have-no-marks', hasNone: false })
    expect(await worker.call({ call: 'open', name })).toMatchObject({ history: 'kept' })
    expect(await worker.call({ call: 'lengths' })).toEqual(upTo(3))
  })

  test('[S56] without files it says that it is in memory', async () => {
    const worker = start()
    await worker.call({ call: 'have-no-files' })
    const opened = await worker.call({ call: 'open', name: newName() })
    expect(opened).toMatchObject({ persistence: 'memory', reason: 'no-files', history: 'new' })
    expect(await worker.call({ call: 'publish', upTo: 3 })).toBe(3)
  })

  test('[S56] where a worker can hold no file a new store is in memory, and one that was kept is not begun anew', async () => {
    const name = newName()
    const worker = start()
    await worker.call({ call: 'have-no-handles', hasNone: true })
    const opened = await worker.call({ call: 'open', name })
    expect(opened).toMatchObject({ persistence: 'memory', reason: 'no-files', history: 'new' })
    await worker.call({ call: 'close' })
    await worker.call({ call: 'have-no-handles', hasNone: false })
    await worker.call({ call: 'open', name })
    await worker.call({ call: 'publish', upTo: 3 })
    await worker.call({ call: 'close' })
    await worker.call({ call: 'have-no-handles', hasNone: true })
    await expect(worker.call({ call: 'open', name })).rejects.toThrow('storage-failed')
  })

  test('[S57] a copy made while it is open is read back under another name; one that is altered or cut off is not', async () => {
    const name = newName()
    const worker = start()
    await worker.call({ call: 'open', name })
    await worker.call({ call: 'publish', upTo: 6 })
    await worker.call({ call: 'put-blocks', count: 4 })
    const bytes = (await worker.call({ call: 'export' })) as Uint8Array<ArrayBuffer>
    expect(await worker.call({ call: 'lengths' })).toEqual(upTo(11))
    expect(await worker.call({ call: 'import', name: newName(), bytes: bytes.subarray(0, -40) })).toBe(
      'copy-damaged',
    )
    for (const at of [0, 14, 30, 5_000, bytes.length - 100_000]) {
      const altered = bytes.slice()
      altered[at]! ^= 1
      const refused = await worker.call({ call: 'import', name: `${name}-2`, bytes: altered })
      expect(refused).toMatch(/^(not-a-copy|copy-version|copy-damaged)$/)
    }
    const forged = await worker.call({ call: 'import', name: `${name}-2`, bytes, isForged: true })
    expect(forged).toBe('copy-damaged')
    const imported = await worker.call({ call: 'import', name: `${name}-2`, bytes })
    expect(imported).toEqual({ blocks: 4, missing: 0 })
    expect(await worker.call({ call: 'import', name: `${name}-2`, bytes })).toBe('store-not-empty')
    await worker.call({ call: 'close' })
    const opened = await worker.call({ call: 'open', name: `${name}-2` })
    expect(opened).toMatchObject({ history: 'kept', finished: 'yes', blocks: 4 })
    expect(await worker.call({ call: 'lengths' })).toEqual(upTo(6))
  })

  test('[S57] what is under the name stays, also where it has no entries; so it does when the file is none of ours', async () => {
    const name = newName()
    const worker = start()
    await worker.call({ call: 'open', name })
    await worker.call({ call: 'close' })
    const foreign = await worker.call({ call: 'import', name, bytes: new Uint8Array(5_000).fill(7) })
    expect(foreign).toBe('not-a-copy')
    await worker.call({ call: 'open', name })
    await worker.call({ call: 'put-blocks', count: 1 })
    const bytes = (await worker.call({ call: 'export' })) as Uint8Array<ArrayBuffer>
    await worker.call({ call: 'close' })
    expect(await worker.call({ call: 'import', name, bytes })).toBe('store-not-empty')
  })
})
