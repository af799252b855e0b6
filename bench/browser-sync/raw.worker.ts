/**
 * Inserts the rows of a store of that name once more, raw, and counts its entries.
 *
 * @module
 */
import { decodeEntry, parseUtf8 } from '@effigy/core'
import { openPool } from '../../packages/store/src/browser/pool.ts'
import { type RawSeconds, rawInsertSeconds } from '../browser-raw.ts'

export interface RawAnswer extends RawSeconds {
  readonly entries: number
}

const { signal } = new AbortController()

addEventListener('message', async ({ data: name }: MessageEvent<string>) => {
  const texts = await textsOf(name)
  const answer: RawAnswer = { entries: texts.length, ...(await rawInsertSeconds(name, texts)) }
  postMessage(answer)
})

/** What is searched for in each entry, by id - 1. */
async function textsOf(name: string): Promise<readonly string[]> {
  using pool = await openPool(name, signal, { capacity: 12 })
  using db = pool.connect('main.sqlite')
  db.script('pragma locking_mode = exclusive')
  const rows = db.rows<{ bytes: Uint8Array; body: Uint8Array | null }>(
    'select e.bytes, b.bytes as body from entries e left join bodies b on b.entry = e.id order by e.id',
  )
  return Array.from(rows, ({ bytes, body }) => {
    const entry = decodeEntry(bytes, () => new Uint8Array(32))
    const payload = body !== null ? parseUtf8(body) : entry.ok ? entry.value.entry.payload : null
    return (JSON.parse(payload ?? '{}') as { readonly text?: string }).text ?? ''
  })
}
