/** `effigy feed …` as processes: private, shared, taken back, public, and what `--json` says of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { createPrograms, type Outcome } from '../test/programs.ts'

const { root, run, json: linesOf } = createPrograms('feed')
const effigy = (home: string, ...words: readonly string[]): Promise<Outcome> => run(home, words)
const json = async (home: string, ...words: readonly string[]) => (await linesOf(home, words)).at(-1) ?? {}

describe('a feed for some', { timeout: 120_000 }, () => {
  test('[X25] goes private, to more people, to fewer, and public; its key is in no output', async () => {
    await effigy('alice', 'init', '--name', 'Alice')
    await effigy('bob', 'init', '--name', 'Bob')
    const bob = String((await json('bob', 'id')).identity)
    await effigy('alice', 'post', 'for everybody')
    expect(await json('alice', 'feed', 'readers')).toMatchObject({ private: false, epoch: 1, readers: [] })
    expect(await effigy('alice', 'feed', 'share', bob)).toMatchObject({ code: 6 })
    const asked = await effigy('alice', 'feed', 'private', bob)
    expect(asked).toMatchObject({ code: 2 })
    const made = await effigy('alice', 'feed', 'private', bob, '--yes', '--json')
    expect(JSON.parse(made.out)).toMatchObject({
      private: true,
      pending: false,
      epoch: 2,
      readers: [{ identity: bob, reached: false }],
    })
    await effigy('alice', 'post', 'for some')
    const log = await effigy('alice', 'log')
    expect(log.out).toContain('for some')
    const fewer = await json('alice', 'feed', 'unshare', bob)
    expect(fewer).toMatchObject({ private: true, epoch: 3, readers: [] })
    expect(await effigy('alice', 'verify')).toMatchObject({ code: 0 })
    const db = new DatabaseSync(join(root, 'alice', 'store', 'main.sqlite'), { readOnly: true })
    const { key } = db.prepare('select key from feed_keys order by epoch').get() as { key: Uint8Array }
    db.close()
    const forms = (['hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(key).toString(form))
    for (const text of [asked.error, made.out, made.error, log.out, log.error])
      for (const form of forms) expect(text).not.toContain(form)
  })

  test('[X22] a file of it says nothing to others, and is read where the key is', async () => {
    const file = join(root, 'alice.car')
    expect(await effigy('alice', 'export', '--output', file)).toMatchObject({ code: 0 })
    expect(readFileSync(file).includes('for some')).toBe(false)
    const taken = await effigy('bob', 'import', file)
    expect(taken).toMatchObject({ code: 1 })
    expect(taken.error).toContain('private feed')
    expect(await json('alice', 'import', file)).toMatchObject({ outcome: 'known' })
    expect(await json('alice', 'feed', 'public', '--keep', 'all', '--yes')).toMatchObject({
      private: false,
      epoch: 4,
    })
    await effigy('alice', 'export', '--force', '--output', file)
    expect(readFileSync(file).includes('for some')).toBe(true)
  })
})
