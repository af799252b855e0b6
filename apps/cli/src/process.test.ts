/**
 * The program in homes of its own: what scripts and people rely on.
 *
 *     words ─▶ exit code, stdout, stderr
 */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { createPrograms, linesOf, type Outcome, type RunOptions } from '../test/programs.ts'
import { createProgram } from './program.ts'

const { root, run, start } = createPrograms('cli')
const home = join(root, 'alice')

/** Everything that any run printed, for the search for secrets. */
const printed: string[] = []

async function effigy(
  words: readonly string[],
  { home: other = home, ...options }: RunOptions & { readonly home?: string | null } = {},
): Promise<Outcome> {
  const outcome = await run(other, words, options)
  if (!words.includes('--reveal')) printed.push(outcome.out, outcome.error)
  return outcome
}

async function jsonOf(
  words: readonly string[],
  options?: Parameters<typeof effigy>[1],
): Promise<readonly Record<string, unknown>[]> {
  const { code, out, error } = await effigy([...words, '--json'], options)
  expect({ code, error: error.trim() }).toMatchObject({ code: 0 })
  return linesOf(out)
}

async function post(
  ...words: readonly string[]
): Promise<{ readonly entry: string; readonly content: string }> {
  const [posted] = await jsonOf(['post', ...words])
  return posted as { entry: string; content: string }
}

beforeAll(async () => {
  expect(await effigy(['init', '--name', 'Alice'])).toMatchObject({ code: 0 })
})

describe('without a home', () => {
  const nowhere = join(root, 'nowhere')
  test('commands say how to make one, with exit code 3', async () => {
    for (const words of [['id'], ['post', 'x'], ['log'], ['timeline'], ['verify'], ['hub', 'list']]) {
      const { code, error, out } = await effigy(words, { home: nowhere })
      expect.soft({ words, code, out }).toEqual({ words, code: 3, out: '' })
      expect.soft(error).toContain('effigy init')
      expect.soft(error).toContain('[home-absent]')
    }
  })

  test('EFFIGY_HOME names it, -C counts above it', async () => {
    const { out } = await effigy(['id'], { home: null, env: { EFFIGY_HOME: home } })
    expect(out).toMatch(/^did:key:z6Mk/)
    expect((await effigy(['id'], { home: nowhere, env: { EFFIGY_HOME: home } })).code).toBe(3)
  })
})

describe('a process of its own', () => {
  test('output to a disk that is full is an error of storage, with what to do', async () => {
    const within = ['sh', '-c', 'exec "$@" > /dev/full', 'sh']
    const { code, error } = await start(home, ['id', '--json'], { within }).ended
    expect(code).toBe(5)
    expect(JSON.parse(error)).toMatchObject({ error: { code: 'file-unwritable' }, exitCode: 5 })
  })

  test('gives what it finds to standard output, the rest to standard error, and how it ended', async () => {
    const told = await start(home, ['id', '--json'], {}).ended
    expect(told).toEqual({ ...(await effigy(['id', '--json'])), error: '' })
    expect(await start(home, ['post', '-'], { input: 'from a pipe' }).ended).toMatchObject({ code: 0 })
    expect((await effigy(['timeline'])).out).toContain('from a pipe')
    const wrong = await start(home, ['nonsense']).ended
    expect(wrong).toEqual(await effigy(['nonsense']))
    expect(wrong).toMatchObject({ code: 2, out: '' })
  })
})

describe('usage', () => {
  test.for([
    [['psot'], 'Did you mean post?'],
    [['log', '--limt', '3'], 'Did you mean --limit?'],
    [['group', 'messages', '-Abcdefg'], 'Put -- before'],
    [['log', '--limit', '0'], 'from 1 to'],
    [['show'], 'entry'],
    [['post', '   '], 'nothing to post'],
    [['post', 'x', '--alt', 'y'], '--alt'],
    [['config', 'set', 'limt', '3'], 'Did you mean "limit"?'],
    [['hub', 'add', 'nowhere'], 'did:key'],
    [['blob', 'get', 'x', '-o', 'y'], 'CID'],
    [['help', 'exitcodes'], 'Did you mean'],
    [['show', 'abc'], 'six characters'],
  ] as const)('%j ends with 2 and a hint', async ([words, hint]) => {
    const { code, error, out } = await effigy(words)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toContain(hint)
    expect(error).toMatch(/\[[a-z-]+\]\n$/)
  })

  test('an error is one JSON object with --json', async () => {
    const { code, error } = await effigy(['show', 'aaaaaaaaaa', '--json'])
    expect(code).toBe(3)
    expect(JSON.parse(error)).toMatchObject({ error: { code: 'entry-unknown' }, exitCode: 3 })
  })

  test('every command and topic has help', async () => {
    const program = createProgram({ stdout: process.stdout, stderr: process.stderr }, async () => {})
    const paths = program.commands.flatMap((one) => [
      [one.name()],
      ...one.commands.map((inner) => [one.name(), inner.name()]),
    ])
    for (const path of paths) {
      const command = path.reduce(
        (place, name) => place.commands.find((one) => one.name() === name)!,
        program,
      )
      expect.soft(command.description(), path.join(' ')).not.toBe('')
      expect.soft(command.helpInformation()).toContain(`effigy ${path.join(' ')}`)
      for (const option of command.options)
        expect.soft(option.description, `${path} ${option.flags}`).not.toBe('')
    }
    for (const words of [
      ['post', '--help'],
      ['help', 'hub', 'add'],
      ['help', 'exit-codes'],
      ['help', 'json'],
      ['--version'],
    ]) {
      expect.soft(await effigy(words)).toMatchObject({ code: 0, error: '' })
    }
  }, 60_000)

  test('completion scripts know every command', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { out } = await effigy(['completion', shell])
      for (const name of ['timeline', 'collection', 'exit']) if (name !== 'exit') expect(out).toContain(name)
    }
  })
})

describe('a life', () => {
  test('post, log, show, search, thread', async () => {
    const { entry } = await post('Hello world', '--tag', '#first', '--cw', 'mild')
    const [shown] = await jsonOf(['show', entry.slice(-10)])
    expect(shown).toMatchObject({ entry, state: 'shown', type: 'public_note', authorName: 'Alice' })
    expect(shown).toMatchObject({
      payload: { text: 'Hello world', tags: ['first'], cw: 'mild' },
      reactions: [],
    })
    await post('An answer', '--reply', entry)
    expect((await jsonOf(['thread', entry])).map((item) => (item.payload as { text: string }).text)).toEqual([
      'Hello world',
      'An answer',
    ])
    expect(await jsonOf(['search', 'hel*'])).toMatchObject([{ entry }])
    const { out } = await effigy(['log', '--limit', '2'])
    expect(out).toContain('Alice')
    expect(out).not.toContain('\u001b')
  })

  test('text from standard input; every line with --each-line, in order', async () => {
    expect((await effigy(['post', '-'], { input: 'two\nlines\n' })).code).toBe(0)
    const posted = await jsonOf(['post', '--each-line'], { input: 'one\n\ntwo\r\nthree' })
    expect(posted).toHaveLength(3)
    const log = await jsonOf(['log', '--limit', '4'])
    expect(log.map((item) => (item.payload as { text: string }).text)).toEqual([
      'three',
      'two',
      'one',
      'two\nlines',
    ])
    expect(log.slice(0, 3).map(({ entry }) => entry)).toEqual(posted.map(({ entry }) => entry).reverse())
  })

  test('edit, delete, erase ask first where nobody can answer', async () => {
    const { entry } = await post('I can not spel')
    const [edited] = await jsonOf(['edit', entry, 'I can spell'])
    expect((await jsonOf(['show', String(edited?.content)]))[0]).toMatchObject({
      payload: { text: 'I can spell' },
    })
    expect((await effigy(['show', 'spel', '--json'])).code).toBe(2)
    for (const verb of ['delete', 'erase']) {
      expect(await effigy([verb, String(edited?.entry)])).toMatchObject({ code: 2 })
    }
    const { content } = await post('Last words')
    const [plan] = await jsonOf(['delete', '--dry-run', String(edited?.entry)])
    expect(plan).toMatchObject({ rewritten: 1, dryRun: true })
    await jsonOf(['delete', '--yes', String(edited?.entry)])
    expect((await effigy(['show', String(edited?.content)])).code).toBe(3)
    await jsonOf(['erase', '--yes', content])
    const [erased] = await jsonOf(['show', content])
    expect(erased).toMatchObject({ state: 'erased', payload: null })
    const follow = await jsonOf(['follow', 'did:key:z6MkiEcoiAtBByF62MuKLh4FACFfvoD8YaHjzq6DtBCgFPi8'])
    expect((await effigy(['erase', '--yes', String(follow[0]?.entry)])).code).toBe(6)
    expect((await effigy(['edit', String(follow[0]?.entry), 'x'])).code).toBe(2)
    expect((await effigy(['follow', 'me'])).code).toBe(6)
  }, 60_000)

  test('a note can be carried to another home, and nothing that was altered', async () => {
    const other = join(root, 'bob')
    const car = join(root, 'alice.car')
    await effigy(['init'], { home: other })
    const identity = (await effigy(['id'])).out.trim()
    expect((await effigy(['export', '-o', car])).code).toBe(0)
    expect((await effigy(['export', '-o', car])).code).toBe(6)
    const damaged = join(root, 'damaged.car')
    const bytes = readFileSync(car)
    for (const at of [bytes.length - 200, Math.floor(bytes.length / 2), 300]) {
      const altered = Buffer.from(bytes)
      altered[at] = (altered[at] ?? 0) ^ 1
      writeFileSync(damaged, altered)
      expect.soft((await effigy(['import', damaged], { home: other })).code, `byte ${at}`).toBe(1)
    }
    expect((await effigy(['log', identity], { home: other })).out).toBe('')
    const [imported] = await jsonOf(['import', car], { home: other })
    expect(imported).toMatchObject({ identity, outcome: 'imported' })
    expect((await jsonOf(['import', car], { home: other }))[0]).toMatchObject({ added: 0, outcome: 'known' })
    const strip = (items: readonly Record<string, unknown>[]) => items.map(({ sort, ...rest }) => rest)
    expect(strip(await jsonOf(['log', identity, '--limit', '500'], { home: other }))).toEqual(
      strip(await jsonOf(['log', '--limit', '500'])),
    )
    for (const place of [home, other]) expect((await effigy(['verify'], { home: place })).code).toBe(0)
    // A rebase of what was exported before.
    const { entry } = await post('To be taken back')
    await effigy(['delete', '--yes', entry])
    expect((await effigy(['export', '-o', car, '--force'])).code).toBe(0)
    expect((await effigy(['import', car], { home: other })).code).toBe(0)
    expect((await effigy(['verify'], { home: other })).code).toBe(0)
  }, 90_000)

  test('files: added, read in ranges, never written over', async () => {
    const file = join(root, 'file.bin')
    writeFileSync(file, Buffer.alloc(600_000, 7))
    const [added] = await jsonOf(['blob', 'add', file])
    const target = join(root, 'copy.bin')
    expect((await effigy(['blob', 'get', String(added?.cid), '-o', target])).code).toBe(0)
    expect(readFileSync(target).equals(readFileSync(file))).toBe(true)
    expect((await effigy(['blob', 'get', String(added?.cid), '-o', target])).code).toBe(6)
    expect(
      (await effigy(['blob', 'get', String(added?.cid), '-o', target, '--force', '--range', '0-9'])).code,
    ).toBe(0)
    expect(readFileSync(target)).toHaveLength(10)
    const [piped] = await jsonOf(['blob', 'add', '-'], { input: 'hello world\n' })
    expect(piped).toMatchObject({ cid: 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4' })
    expect((await effigy(['blob', 'get', String(piped?.cid)])).out).toBe('hello world\n')
    expect((await effigy(['blob', 'get', String(piped?.cid).replace(/i4$/, 'hy')])).code).toBe(3)
    expect((await effigy(['blob', 'add', join(root, 'absent')])).code).toBe(3)
    const cid = String(piped?.cid)
    expect(await jsonOf(['blob', 'pin', cid])).toEqual([{ cid, pinned: true }])
    expect((await jsonOf(['blob', 'pins'])).filter((pinned) => pinned.cid === cid)).toEqual([
      { cid, state: 'complete', size: 12 },
    ])
    // What was just added is kept for a day, to be published.
    expect(await jsonOf(['blob', 'unpin', cid])).toEqual([{ cid, pinned: false, here: true }])
    expect((await jsonOf(['blob', 'pins'])).map((pinned) => pinned.cid)).not.toContain(cid)
  }, 60_000)

  test('collections: there and back, links and hidden files left out, never outside the folder', async () => {
    const folder = join(root, 'folder')
    mkdirSync(join(folder, 'inner', 'empty'), { recursive: true })
    writeFileSync(join(folder, 'a.txt'), 'a')
    writeFileSync(join(folder, 'inner', 'b.txt'), 'bb')
    writeFileSync(join(folder, '.secret'), 'x')
    symlinkSync('/etc/passwd', join(folder, 'link'))
    const [added] = await jsonOf(['collection', 'add', folder, '--post'])
    expect(added).toMatchObject({ files: 2, size: 3, name: 'folder' })
    const cid = String(added?.cid)
    expect((await jsonOf(['collection', 'list', cid])).map(({ name }) => name)).toEqual(['a.txt', 'inner'])
    expect(await jsonOf(['collection', 'list', `${cid}/inner/`])).toMatchObject([
      { name: 'b.txt', size: 2 },
      { name: 'empty', type: 'directory' },
    ])
    expect((await effigy(['collection', 'list', `${cid}/nothing`])).code).toBe(3)
    const target = join(root, 'target')
    expect((await effigy(['collection', 'get', cid, target])).code).toBe(0)
    expect(readdirSync(target, { recursive: true }).sort()).toEqual([
      'a.txt',
      'inner',
      'inner/b.txt',
      'inner/empty',
    ])
    expect((await effigy(['collection', 'get', cid, target])).code).toBe(6)
    expect((await effigy(['collection', 'get', cid, target, '--force'])).code).toBe(0)
    // A link where a folder must be made would lead elsewhere.
    const trap = join(root, 'trap')
    mkdirSync(trap)
    symlinkSync(root, join(trap, 'inner'))
    expect((await effigy(['collection', 'get', cid, trap, '--force'])).code).toBe(6)
    expect(readdirSync(root)).not.toContain('b.txt')
  }, 60_000)

  test('profiles, settings and hubs', async () => {
    await jsonOf(['profile', 'set', '--about', 'Writes\nthings'])
    expect((await jsonOf(['profile']))[0]).toMatchObject({
      name: 'Alice',
      about: 'Writes\nthings',
      avatar: null,
    })
    await jsonOf(['config', 'set', 'limit', '3'])
    const key = Buffer.alloc(32, 9).toString('base64url')
    expect(await effigy(['config', 'set', 'networkKey', key])).toMatchObject({ code: 2, out: '' })
    await jsonOf(['config', 'set', 'networkKey', '-'], { input: `${key}\n` })
    expect(await jsonOf(['config', 'get', 'networkKey', '--reveal'])).toMatchObject([{ value: key }])
    await jsonOf(['config', 'set', 'networkKey', 'public'])
    expect(await jsonOf(['log'])).toHaveLength(3)
    expect(await jsonOf(['config', 'get', 'limit'])).toMatchObject([
      { value: 3, origin: join(home, 'config.json') },
    ])
    expect((await effigy(['hub', 'add', 'http://127.0.0.1:9'])).code).toBe(0)
    expect(await jsonOf(['hub', 'list'])).toEqual([{ address: 'ws://127.0.0.1:9/effigy/1', identity: null }])
    expect(await effigy(['sync', '--json'])).toMatchObject({
      code: 4,
      error: expect.stringContaining('unreachable'),
    })
    expect((await effigy(['hub', 'remove', 'ws://127.0.0.1:9'])).code).toBe(0)
    expect((await effigy(['sync'])).code).toBe(4)
  }, 60_000)

  test('a second init changes nothing', async () => {
    const before = (await effigy(['id'])).out
    expect((await effigy(['init'])).code).toBe(6)
    expect((await effigy(['id'])).out).toBe(before)
  })

  test('a damaged home is found out, and named', async () => {
    const place = join(root, 'damaged')
    await effigy(['init'], { home: place })
    await jsonOf(['post', '--each-line'], { home: place, input: 'soon damaged bytes\nwhole\n' })
    const { DatabaseSync } = await import('node:sqlite')
    const file = join(place, 'store', 'main.sqlite')
    const db = new DatabaseSync(file)
    db.exec(
      'update entries set bytes = cast(replace(cast(bytes as text), \'"length":1\', \'"length":3\') as blob) where length = 1',
    )
    db.close()
    const { code, out, error } = await effigy(['verify', '--json'], { home: place })
    expect(code).toBe(1)
    expect(out).toContain('"type":"finding"')
    expect(error).toContain('damage-found')
  })

  test('[T22] no secret in anything that was printed', async () => {
    const vault = JSON.parse(readFileSync(join(home, 'vault.json'), 'utf8')) as Record<string, string>
    const { out } = await effigy(['id', '--reveal'])
    expect(out).toContain(vault.phrase)
    const all = printed.join('\n')
    expect(all.length).toBeGreaterThan(1_000)
    for (const secret of [
      vault.seed!,
      vault.box!,
      vault.phrase!,
      ...vault
        .phrase!.split(' ')
        .map((_, at, words) => words.slice(at, at + 3).join(' '))
        .slice(0, 10),
    ]) {
      expect(all).not.toContain(secret)
    }
  })
})
