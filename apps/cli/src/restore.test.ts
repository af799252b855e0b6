/** `effigy restore` as a process: from an archive alone, refused without words, nothing changed where it is refused. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { codeCache } from '../test/programs.ts'

const main = join(import.meta.dirname, 'main.ts')
const root = mkdtempSync(join(tmpdir(), 'effigy-restore-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function run(home: string, ...words: readonly string[]) {
  const env = { PATH: process.env.PATH, HOME: root, XDG_CACHE_HOME: codeCache, LANG: 'C' }
  const done = spawnSync(process.execPath, [main, '-C', join(root, home), ...words], {
    env,
    encoding: 'utf8',
    input: '',
  })
  return { code: done.status, out: done.stdout, error: done.stderr }
}

const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('[Z30] words and an archive are enough, offline; without words, or with others, nothing is changed', {
  timeout: 120_000,
}, () => {
  run('old', 'init')
  const [made] = json(run('old', 'synod', 'create', '--name', 'Alice', '--reveal', '--json').out)
  const words = String(made?.phrase)
  const paper = join(root, 'paper')
  writeFileSync(paper, words)
  run('old', 'post', 'From before the fire.')
  const account = join(root, 'account.car')
  const device = join(root, 'device.car')
  expect(run('old', 'export', String(made?.identity), '-o', account).error).toBe('')
  expect(run('old', 'export', '-o', device).error).toBe('')

  run('new', 'init')
  run('new', 'import', device)
  expect(run('new', 'restore', '--from', account, '--yes')).toMatchObject({
    code: 2,
    error: expect.stringContaining('[phrase-file-needed]'),
  })
  const wrong = join(root, 'wrong')
  writeFileSync(wrong, 'legal winner thank year wave sausage worth useful legal winner thank yellow')
  expect(run('new', 'restore', '--phrase-file', wrong, '--from', account, '--yes')).toMatchObject({
    code: 3,
    error: expect.stringContaining('[account-not-found]'),
  })
  // A person has to say which devices are lost.
  expect(run('new', 'restore', '--phrase-file', paper, '--from', account)).toMatchObject({
    code: 2,
    error: expect.stringContaining('[yes-needed]'),
  })
  expect(run('new', 'synod', 'show').error).toContain('[no-account]')

  const restored = run('new', 'restore', '--phrase-file', paper, '--from', account, '--yes', '--json')
  expect(restored.code).toBe(0)
  expect(json(restored.out)).toMatchObject([
    { type: 'found', root: made?.root, name: 'Alice' },
    { type: 'restored', root: made?.root, moves: 1 },
  ])
  expect(run('new', 'timeline').out).toContain('From before the fire.')
  expect(run('new', 'restore', '--phrase-file', paper, '--from', account, '--yes').error).toContain(
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
