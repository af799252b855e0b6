/** `effigy restore`: from an archive alone, refused without words, nothing changed where it is refused. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPrograms, linesOf as json, type Outcome } from '../test/programs.ts'

const programs = createPrograms('restore')
const { root } = programs

const run = (home: string, ...words: readonly string[]): Promise<Outcome> => programs.run(home, words)

test('[Z30] words and an archive are enough, offline; without words, or with others, nothing is changed', {
  timeout: 120_000,
}, async () => {
  await run('old', 'init')
  const [made] = json((await run('old', 'synod', 'create', '--name', 'Alice', '--reveal', '--json')).out)
  const words = String(made?.phrase)
  const paper = join(root, 'paper')
  writeFileSync(paper, words)
  await run('old', 'post', 'From before the fire.')
  const account = join(root, 'account.car')
  const device = join(root, 'device.car')
  expect((await run('old', 'export', String(made?.identity), '-o', account)).error).toBe('')
  expect((await run('old', 'export', '-o', device)).error).toBe('')

  await run('new', 'init')
  await run('new', 'import', device)
  expect(await run('new', 'restore', '--from', account, '--yes')).toMatchObject({
    code: 2,
    error: expect.stringContaining('[phrase-file-needed]'),
  })
  const wrong = join(root, 'wrong')
  writeFileSync(wrong, 'legal winner thank year wave sausage worth useful legal winner thank yellow')
  expect(await run('new', 'restore', '--phrase-file', wrong, '--from', account, '--yes')).toMatchObject({
    code: 3,
    error: expect.stringContaining('[account-not-found]'),
  })
  // A person has to say which devices are lost.
  expect(await run('new', 'restore', '--phrase-file', paper, '--from', account)).toMatchObject({
    code: 2,
    error: expect.stringContaining('[yes-needed]'),
  })
  expect((await run('new', 'synod', 'show')).error).toContain('[no-account]')

  const restored = await run('new', 'restore', '--phrase-file', paper, '--from', account, '--yes', '--json')
  expect(restored.code).toBe(0)
  expect(json(restored.out)).toMatchObject([
    { type: 'found', root: made?.root, name: 'Alice' },
    { type: 'restored', root: made?.root, moves: 1 },
  ])
  expect((await run('new', 'timeline')).out).toContain('From before the fire.')
  expect((await run('new', 'restore', '--phrase-file', paper, '--from', account, '--yes')).error).toContain(
    '[has-account]',
  )
  // The words are nowhere: not printed, not kept (T22).
  const kept = readdirSync(join(root, 'new'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'vault.json')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  expect(`${restored.out}${restored.error}${kept.join()}`).not.toContain(
    words.split(' ').slice(0, 3).join(' '),
  )
})
