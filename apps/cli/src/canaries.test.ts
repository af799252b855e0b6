/**
 * [T22] A life with secrets in it, a hub and homes at their most talkative, errors provoked: no secret
 * stands in anything that was logged, printed without `--reveal`, or stored where others keep it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createNodeCrypto } from '@effigy/crypto/node'
import { openNodeStore } from '@effigy/store/node'
import { afterAll, expect, test } from 'vitest'
import { createPrograms, type RunOptions } from '../test/programs.ts'

const { root, run, file } = createPrograms('canaries')
const main = join(import.meta.dirname, 'main.ts')
const hubMain = join(import.meta.dirname, '../../hub/src/main.ts')
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** All that was said without `--reveal`, by whom. */
const said: { readonly by: string; readonly text: string }[] = []
/** What must not be said, by a name that may be. */
const canaries = new Map<string, string>()

interface Options extends RunOptions {
  /** What it prints is meant to be seen. */
  readonly secret?: boolean
}

interface Program {
  readonly child: ChildProcess
  out: string
  error: string
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly error: string }>
}

function start(
  file: string,
  words: readonly string[],
  { input = '', env = {}, secret = false }: Options = {},
): Program {
  const whole = { PATH: process.env.PATH, HOME: root, XDG_CACHE_HOME: join(root, 'cache'), LANG: 'C', ...env }
  const child = spawn(process.execPath, [file, ...words], { env: whole })
  running.add(child)
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const program: Program = {
    child,
    out: '',
    error: '',
    ended: once(child, 'close').then(([code]) => {
      running.delete(child)
      const { out, error } = program
      if (!secret) said.push({ by: words.join(' '), text: `${out}\n${error}` })
      return { code: code as number | null, out, error }
    }),
  }
  child.stdout.on('data', (piece) => {
    program.out += String(piece)
  })
  child.stderr.on('data', (piece) => {
    program.error += String(piece)
  })
  return program
}

const at = (home: string): readonly string[] => ['-C', join(root, home), '--verbose']

async function effigy(home: string, words: readonly string[], { secret = false, ...options }: Options = {}) {
  const outcome = await run(home, ['--verbose', ...words], options)
  if (!secret) said.push({ by: [home, ...words].join(' '), text: `${outcome.out}\n${outcome.error}` })
  return outcome
}

async function done(home: string, words: readonly string[], options?: Options): Promise<string> {
  const { code, out, error } = await effigy(home, words, options)
  if (code !== 0) throw new Error(`${words.join(' ')}: ${error}`)
  return out
}

async function refused(home: string, words: readonly string[], options?: Options): Promise<void> {
  for (const more of [[], ['--json']]) {
    const { code, error } = await effigy(home, [...words, ...more], options)
    expect.soft(code, words.join(' ')).not.toBe(0)
    expect.soft(error.trim(), words.join(' ')).not.toBe('')
  }
}

const vaultPath = (home: string): string => join(root, home, 'vault.json')

/** The keys in a vault that is not locked, and its words, three at a time. */
function learnVault(home: string): string {
  const vault = JSON.parse(readFileSync(vaultPath(home), 'utf8')) as Record<string, unknown>
  const { seed, box, phrase, synod } = vault as { [name: string]: string } & { synod: { key: string } | null }
  canaries.set(`${home} seed`, String(seed))
  canaries.set(`${home} box`, String(box))
  if (synod !== null) canaries.set(`${home} synod key`, synod.key)
  const words = String(phrase ?? '').split(' ')
  for (let n = 0; n + 3 <= words.length; n++) {
    canaries.set(`${home} words ${n + 1} to ${n + 3}`, words.slice(n, n + 3).join(' '))
  }
  return String(phrase)
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

/** Notes, a group, a private feed, parts of the words, a backup: each with a canary in it. */
async function sealSomething([bob, dora]: readonly [string, string], phrase: string): Promise<void> {
  await done('laptop', ['follow', dora])
  await done('laptop', ['sync'])
  const plant = (name: string): string => {
    const canary = `canary-${name}-8d41`
    canaries.set(name, canary)
    return canary
  }
  const boxed = plant('note-in-box')
  await done('laptop', ['note', '--to', bob, plant('note-to-bob'), '--json'])
  await done('laptop', ['note', '--to', bob, boxed, '--json'])
  await done('laptop', ['note', plant('note-to-oneself')])
  await done('laptop', ['group', 'create', 'Readers', '--invite', bob, '--json'])
  await done('laptop', ['group', 'post', 'Readers', plant('group-message'), '--json'])
  await done('laptop', ['recovery', 'split', bob, dora, '--threshold', '2', '--yes', '--json'])
  await done('dora', ['feed', 'private', '--yes', '--json'])
  await done('dora', ['post', plant('private-feed'), '--json'])
  for (const home of ['laptop', 'dora', 'bob']) await done(home, ['sync'])
  const heard = await done('bob', ['conversations'], { secret: true })
  expect(heard).toContain(boxed)
  await done('bob', ['recovery', 'held', '--json'])
  await done('laptop', ['recovery', 'custodians', '--json'])
  await done('laptop', ['readkey', 'list', '--json'])
  await done('dora', ['feed', 'readers', '--json'])
  const keys = await done('laptop', ['readkey', 'list', '--reveal', '--json'], { secret: true })
  const lines = keys.trim().split('\n')
  for (const [at, line] of lines.entries()) {
    canaries.set(`read key ${at}`, (JSON.parse(line) as { key: string }).key)
  }
  expect(lines.length).toBeGreaterThan(1)

  const right = ['--backup-passphrase-file', file('backup-passphrase', `${plant('backup-passphrase')}\n`)]
  const wrong = ['--backup-passphrase-file', file('wrong-backup', `${plant('mistyped-backup')}\n`)]
  const backup = join(root, 'backup.age')
  await done('laptop', ['backup', '-o', backup, ...right, '--json'])
  await done('laptop', ['backup', 'check', backup, ...right, '--json'])
  await refused('laptop', ['backup', 'check', backup, ...wrong])
  const paper = file('paper', phrase)
  const revealed = await done('laptop', ['backup', 'key', '--phrase-file', paper, '--reveal'], {
    secret: true,
  })
  canaries.set('recovery key', /AGE-SECRET-KEY-\w+/.exec(revealed)?.[0] ?? '')
  // Where nobody said that it is meant to be seen.
  await effigy('laptop', ['backup', 'key', '--phrase-file', paper, '--json'])
  const torn = file('torn', phrase.replace(/ \w+$/, ''))
  await refused('dora', ['restore', '--phrase-file', torn, '--yes'])
  await refused('dora', ['restore', '--shares', '--yes'])
  await refused('bob', ['recovery', 'combine'])
  learnShares('bob')
}

/** The parts of somebody's words that a custodian holds. */
function learnShares(home: string): void {
  using store = openNodeStore(join(root, home, 'store'), {
    sha256: createNodeCrypto().sha256,
    now: Date.now,
  })
  const shares = store.byType('recovery_share').items.flatMap(({ state }) => {
    const { share } = (state.type === 'shown' ? state.payload : {}) as { share?: string }
    return share === undefined ? [] : [share]
  })
  expect(shares.length).toBeGreaterThan(0)
  for (const [at, share] of shares.entries()) canaries.set(`share ${at}`, share)
}

test('[T22] no canary in logs, errors, --json, nor where others keep what is ours', {
  timeout: 600_000,
}, async () => {
  const passphrase = 'canary-passphrase-5f1c'
  const hubPassphrase = 'canary-hub-passphrase-77aa'
  canaries.set('passphrase', passphrase)
  canaries.set('hub passphrase', hubPassphrase)
  const wrong = file('wrong', 'canary-mistyped-passphrase-31')
  canaries.set('mistyped passphrase', 'canary-mistyped-passphrase-31')
  const right = file('right', `${passphrase}\n`)

  const hub = start(hubMain, ['--port', '0', '--home', join(root, 'hub'), '--log-level', 'info'], {
    env: { EFFIGY_PASSPHRASE_FILE: file('hub-passphrase', `${hubPassphrase}\n`) },
  })
  await expect.poll(() => hub.out, { timeout: 30_000 }).toContain('Ctrl-C')
  const address = /Address +(\S+)/.exec(hub.out)?.[1] ?? ''

  // A life: an account on two devices, over the hub.
  for (const [home, name] of [
    ['laptop', 'Alice'],
    ['phone', 'Alice’s phone'],
    ['bob', 'Bob'],
    ['dora', 'Dora'],
  ] as const) {
    await done(home, ['init', '--name', name])
    await done(home, ['hub', 'add', address])
  }
  const made = await done('laptop', ['synod', 'create', '--label', 'laptop', '--json'])
  expect(made).not.toContain('phrase"')
  const phrase = learnVault('laptop')
  const account = async (home: string): Promise<string> =>
    (JSON.parse(await done(home, ['synod', 'create', '--label', home, '--json'])) as { identity: string })
      .identity
  const [bob, dora] = [await account('bob'), await account('dora')]
  for (const home of ['phone', 'bob', 'dora']) learnVault(home)
  const pairing = start(
    main,
    [...at('laptop'), 'synod', 'pair', '--yes', '--json', '--listen', '127.0.0.1:0'],
    {
      secret: true,
    },
  )
  await expect.poll(() => pairing.out + pairing.error, { timeout: 30_000 }).toMatch(/"code":"/)
  const code = /"code":"([^"]*)"/.exec(pairing.out)?.[1] ?? ''
  const body = code.replace(/^effigy-link-1-/, '')
  canaries.set('link code', body.slice(43, 80))
  await refused('phone', ['synod', 'join', `${code.slice(0, -4)}AAAA`, '--yes'])
  await done('phone', ['synod', 'join', code, '--yes', '--label', 'phone'])
  expect(await pairing.ended).toMatchObject({ code: 0 })
  // The code itself is what it was called for; its logs are not.
  said.push({ by: 'pair', text: pairing.error })
  await refused('phone', ['synod', 'join', code, '--yes'])

  const alice = (JSON.parse(made) as { identity: string }).identity
  for (const home of ['bob', 'dora']) {
    await done(home, ['follow', alice])
    await done(home, ['post', `from ${home}`])
    await done(home, ['sync'])
  }
  for (const words of [
    ['post', 'for everybody'],
    ['follow', bob],
    ['mute', bob],
    ['unmute', bob],
    ['block', bob],
    ['following', '--blocked', '--json'],
    ['unblock', bob],
    ['sync'],
    ['synod', 'show', '--json'],
    ['id', '--json'],
    ['config', 'list', '--json'],
  ]) {
    await done('laptop', words)
  }
  await done('phone', ['sync'])
  await sealSomething([bob, dora], phrase)
  const revealed = await done('laptop', ['id', '--reveal'], { secret: true })
  expect(revealed).toContain(phrase)

  // Mistakes with secrets in hand.
  const words = phrase.split(' ')
  await refused('laptop', words)
  await refused('laptop', ['synod', 'move', ...words, '--yes'])
  await refused('laptop', ['synod', 'create', '--confirm', ...words])
  const mistyped = file('mistyped', words.toReversed().join(' '))
  await refused('laptop', ['synod', 'move', '--phrase-file', mistyped, '--yes'])
  await refused('laptop', ['synod', 'create', '--phrase-file', mistyped])
  await refused('bob', ['synod', 'move', '--phrase-file', file('words', `${phrase} extra`), '--yes'])
  await done('laptop', ['lock', '--new-passphrase-file', right])
  const locked = { env: { EFFIGY_PASSPHRASE_FILE: wrong } }
  for (const each of [['sync'], ['id', '--reveal'], ['lock']]) await refused('laptop', each, locked)
  await refused('laptop', ['post', 'x'])
  await done('laptop', ['synod', 'show', '--json'], { env: { EFFIGY_PASSPHRASE_FILE: right } })
  await done('laptop', ['unlock', '--yes', '--passphrase-file', '-'], { input: `${passphrase}\n` })

  const networkKey = Buffer.alloc(32, 7).toString('base64url')
  canaries.set('network key', networkKey)
  canaries.set('mistyped network key', `${networkKey}zz`)
  await done('carol', ['init'])
  await refused('carol', ['config', 'set', 'networkKey', networkKey])
  await done('carol', ['config', 'set', 'networkKey', '-'], { input: `${networkKey}\n` })
  await done('carol', ['config', 'list', '--json'])
  await refused('carol', ['config', 'get', 'networkKey'])
  await refused('carol', ['config', 'set', 'networkKey', '-'], { input: `${networkKey}zz\n` })

  // What is broken is named, and not shown.
  const whole = readFileSync(vaultPath('bob'), 'utf8')
  const { seed } = JSON.parse(whole) as { seed: string }
  for (const damaged of [
    whole.slice(0, -3),
    whole.replace('{', ''),
    whole.replace(`"${seed}"`, seed),
    whole.replace(seed, `${seed}=`),
    whole.replaceAll('"', "'"),
  ]) {
    writeFileSync(vaultPath('bob'), damaged)
    await refused('bob', ['id', '--reveal'])
  }
  writeFileSync(vaultPath('bob'), whole)

  hub.child.kill('SIGTERM')
  await hub.ended
  expect(said.length).toBeGreaterThan(50)
  expect(hub.error).toContain('hub.stopped')
  expect(said.some(({ text }) => text.includes('"level":"info"'))).toBe(true)
  for (const [name, canary] of canaries) {
    expect(canary.length, name).toBeGreaterThan(7)
    const tellers = said.filter(({ text }) => text.includes(canary)).map(({ by, text }) => ({ by, text }))
    expect.soft(tellers, name).toEqual([])
  }
  const kept = filesBelow(join(root, 'hub')).map((path) => ({ path, bytes: readFileSync(path) }))
  expect(kept.some(({ bytes }) => bytes.includes('Alice'))).toBe(true)
  for (const [name, canary] of canaries) {
    const where = kept.filter(({ bytes }) => bytes.includes(canary)).map(({ path }) => path)
    expect.soft(where, name).toEqual([])
  }
})
