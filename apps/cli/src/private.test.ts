/**
 * `note`, `conversations`, `conversation`, `readkey` as processes: two homes that exchange their feeds as files.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownVectors } from '@effigy/testkit/node'
import { describe, expect, test } from 'vitest'
import { createPrograms, type Outcome } from '../test/programs.ts'

const { root, run, json: linesOf } = createPrograms('private')
const effigy = (home: string, ...words: readonly string[]): Promise<Outcome> => run(home, words)
const json = (home: string, ...words: readonly string[]) => linesOf(home, words)

/** Everything that one home has of itself, as a file for the other. */
async function carry(from: string, to: string): Promise<void> {
  const [me] = await json(from, 'id')
  const file = join(root, `${from}-${Date.now()}.car`)
  await json(from, 'export', String(me?.identity), '-o', file)
  await json(to, 'import', file)
}

describe('private notes', { timeout: 120_000 }, () => {
  test('[Q20] [Q22] [Q25] are read by whom they are for; keys are shown on purpose alone', async () => {
    for (const name of ['ann', 'bob']) {
      await effigy(name, 'init', '--name', name)
    }
    expect(await effigy('ann', 'note', 'buy milk')).toMatchObject({
      code: 0,
      out: expect.stringContaining('yourself'),
    })
    const [bob] = await json('bob', 'id')
    const unknown = await effigy('ann', 'note', '--to', String(bob?.identity), 'psst')
    expect(unknown).toMatchObject({ code: 6, error: expect.stringContaining('[no-box-key]') })
    await carry('bob', 'ann')
    await json('ann', 'follow', String(bob?.identity))
    await json('ann', 'note', '--to', 'bob', 'psst')
    const [second] = await json('ann', 'note', '--to', 'bob', 'and more')
    expect(second?.readers).toEqual([{ identity: bob?.identity, root: null }])
    await carry('ann', 'bob')
    const [asks] = await json('bob', 'conversations')
    expect(asks).toMatchObject({ state: 'asks', unread: 0, newest: { payload: { text: 'psst' } } })
    const [ann] = await json('ann', 'id')
    await json('bob', 'follow', String(ann?.identity))
    const [seen] = await json('bob', 'conversations')
    expect(seen).toMatchObject({ kind: 'people', state: 'open', unread: 2, people: [{ name: 'ann' }] })
    expect(await effigy('bob', 'timeline')).toMatchObject({ out: '' })
    const said = await json('bob', 'conversation', String(seen?.conversation))
    expect(said.map(({ payload }) => (payload as { text: string }).text)).toEqual(['and more', 'psst'])
    expect((await json('bob', 'conversations'))[0]).toMatchObject({ unread: 0 })
    const [key] = await json('ann', 'readkey', 'list', '--reveal')
    expect(key?.key).toMatch(/^[A-Za-z0-9_-]{43}$/)
    for (const words of [
      ['readkey', 'list'],
      ['log'],
      ['conversations'],
      ['conversation', String(seen?.conversation)],
    ]) {
      for (const more of [[], ['--json']]) {
        const shown = await effigy('ann', ...words, ...more)
        expect(shown.out + shown.error).not.toContain(key?.key)
      }
    }
    expect(await effigy('ann', 'conversation', 'nobody-here')).toMatchObject({ code: 3 })
    expect(await effigy('ann', 'note', '--to', 'bob', '--in', 'x', 'y')).toMatchObject({ code: 2 })
  })

  test('[K7] [T22] a picture of a note is stored encrypted, and opened by its entry', async () => {
    await effigy('eve', 'init', '--name', 'eve')
    const [picture, copy] = [join(root, 'picture.jpg'), join(root, 'copy.jpg')]
    const vectors: readonly { readonly name: string; readonly image: string }[] = JSON.parse(
      ownVectors('images.json'),
    )
    const clean = vectors.find(({ name }) => name === 'jpeg: plain')?.image ?? ''
    const size = Buffer.from(clean, 'base64').length
    writeFileSync(picture, Buffer.from(clean, 'base64'))
    const [noted] = await json('eve', 'note', 'look', '--image', picture)
    const [shown] = await json('eve', 'show', String(noted?.entry))
    const note = shown?.payload as { attachments: readonly [{ blob: string; secret: object }] } | undefined
    const { blob = '', secret = {} } = note?.attachments[0] ?? {}
    expect(secret).toMatchObject({ key: null, bytes: size })
    await json('eve', 'blob', 'get', blob, '-o', copy, '--entry', String(noted?.entry))
    expect(readFileSync(copy).toString('base64')).toBe(clean)
    await json(
      'eve',
      'blob',
      'get',
      blob,
      '-o',
      copy,
      '--force',
      '--range',
      '0-2',
      '--entry',
      String(noted?.entry),
    )
    expect(readFileSync(copy)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
    const [stored] = await json('eve', 'blob', 'get', blob, '-o', copy, '--force')
    expect(stored).toMatchObject({ size: size + 16 })
    expect(readFileSync(copy).includes('JFIF')).toBe(false)
    const [other] = await json('eve', 'post', 'something else')
    expect(
      await effigy('eve', 'blob', 'get', blob, '-o', copy, '--entry', String(other?.entry)),
    ).toMatchObject({ code: 6 })
    expect(
      await effigy('eve', 'blob', 'get', blob, '-o', copy, '--force', '--entry', String(other?.entry)),
    ).toMatchObject({ code: 3, error: expect.stringContaining('[file-not-of-entry]') })
  })
})
