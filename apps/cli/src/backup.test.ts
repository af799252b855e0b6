/**
 * `effigy backup …` as processes: a file that is there whole or not at all, opened again by passphrase and by words, and
 * no secret printed by any command that was not asked to reveal it.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Payload } from '@effigy/core'
import { createAgeHeader, passphraseRecipient, sealAgeFile } from '@effigy/crypto'
import { createNodeCrypto, nodeScrypt } from '@effigy/crypto/node'
import { openAgeBackup } from '@effigy/peer'
import { openNodePeer } from '@effigy/peer/node'
import { silentLog, systemClock } from '@effigy/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import { createPrograms, type Outcome } from '../test/programs.ts'
import { createProgram } from './program.ts'

const { root, start, run, file } = createPrograms('backup')
const home = join(root, 'home')

/** All that was printed without `--reveal`. */
const printed: string[] = []

async function effigy(words: readonly string[]): Promise<Outcome> {
  const outcome = await run(home, words)
  if (!words.includes('--reveal')) printed.push(outcome.out, outcome.error)
  return outcome
}

const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const passphrase = 'a backup of mine'
let phrase = ''

describe('a backup', { timeout: 180_000 }, () => {
  const key = file('passphrase', `${passphrase}\n`)
  const target = join(root, 'mine.age')

  beforeAll(async () => {
    expect(await effigy(['init', '--name', 'Alice'])).toMatchObject({ code: 0 })
    await effigy(['synod', 'create'])
    phrase = (JSON.parse(readFileSync(join(home, 'vault.json'), 'utf8')) as { phrase: string }).phrase
    await effigy(['post', 'something to keep'])
  }, 120_000)

  test('[Z7] [Z9] is written, for its owner alone, and opens by its passphrase', async () => {
    expect(await effigy(['backup'])).toMatchObject({ code: 2, error: expect.stringContaining('-o FILE') })
    expect(await effigy(['backup', '-o', target])).toMatchObject({
      code: 2,
      error: expect.stringMatching(/--backup-passphrase-file.*\[passphrase-needed\]/),
    })
    const made = await effigy(['backup', '-o', target, '--backup-passphrase-file', key, '--json'])
    expect(made).toMatchObject({ code: 0 })
    expect(JSON.parse(made.out)).toMatchObject({ file: target, feeds: 2, bytes: statSync(target).size })
    expect(statSync(target).mode & 0o777).toBe(0o600)
    expect(readFileSync(target, 'latin1')).not.toContain('something to keep')
    expect(await effigy(['backup', '-o', target, '--backup-passphrase-file', key])).toMatchObject({ code: 6 })
    expect(await effigy(['backup', '-o', target, '--backup-passphrase-file', key, '--force'])).toMatchObject({
      code: 0,
    })
    const checked = await effigy(['backup', 'check', target, '--backup-passphrase-file', key, '--json'])
    expect(JSON.parse(checked.out)).toMatchObject({ ownFeeds: 2, feeds: 2, readKeys: 0 })
  })

  test('[Z11] each reason why it does not open has its name', async () => {
    const cut = join(root, 'cut.age')
    writeFileSync(cut, readFileSync(target).subarray(0, -1))
    const onPaper = file('words', phrase)
    for (const [given, exit, code] of [
      [[target, '--backup-passphrase-file', file('other', 'another passphrase')], 6, 'passphrase-wrong'],
      [[cut, '--backup-passphrase-file', key], 1, 'backup-damaged'],
      [[key, '--backup-passphrase-file', key], 1, 'not-a-backup'],
      [[target, '--phrase-file', onPaper], 2, 'passphrase-needed'],
      [[join(root, 'nowhere'), '--phrase-file', onPaper], 3, 'file-absent'],
    ] as const) {
      const { code: status, error } = await effigy(['backup', 'check', ...given])
      expect.soft({ status, error }).toEqual({ status: exit, error: expect.stringContaining(`[${code}]`) })
    }
  })

  test('[Z9] for the words of the account; the key for age is shown on purpose only', async () => {
    const sealed = join(root, 'words.age')
    const onPaper = file('words', phrase)
    expect(await effigy(['backup', '-o', sealed, '--recovery-key'])).toMatchObject({ code: 0 })
    expect(await effigy(['backup', 'check', sealed, '--phrase-file', onPaper])).toMatchObject({ code: 0 })
    expect(await effigy(['backup', 'check', sealed, '--phrase-file', file('false', words)])).toMatchObject({
      code: 6,
      error: expect.stringContaining('[not-for-us]'),
    })
    expect(await effigy(['backup', 'check', sealed, '--backup-passphrase-file', key])).toMatchObject({
      code: 2,
    })
    expect(await effigy(['backup', 'key', '--phrase-file', onPaper])).toMatchObject({ code: 6, out: '' })
    const shown = await effigy(['backup', 'key', '--phrase-file', onPaper, '--reveal'])
    expect(shown.out).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}\n$/)
    if (!existsSync('/usr/bin/age')) return
    const opened = await new Promise<string>((resolve, reject) =>
      execFile(
        'sh',
        ['-c', '/usr/bin/age -d -i "$1" "$2" | tar -xO account.json', 'sh', file('key', shown.out), sealed],
        (error, out) => (error === null ? resolve(out) : reject(error)),
      ),
    )
    expect(JSON.parse(opened)).toMatchObject({ v: 1, devices: [{ main: true }] })
  })

  test('[Z11] is taken into another home, a sealed feed by its key; the words and nobody else bring the account back', async () => {
    {
      await using peer = await openNodePeer({ home, clock: systemClock, log: silentLog, verifyThreads: 0 })
      await peer.privateFeed.makePrivate({ to: [] })
      await peer.publish({ type: 'public_note', at: 1, text: 'sealed since then' } as Payload)
    }
    const sealed = join(root, 'private.age')
    const [onPaper, secret] = [file('words', phrase), ['--backup-passphrase-file', key]]
    expect(await effigy(['backup', '-o', sealed, ...secret])).toMatchObject({ code: 0 })
    const { out: identity } = await effigy(['id'])
    const elsewhere = (...words: readonly string[]) => effigy(['-C', join(root, 'elsewhere'), ...words])
    expect(await elsewhere('init')).toMatchObject({ code: 0 })
    expect(await elsewhere('import', sealed, '--phrase-file', onPaper)).toMatchObject({ code: 2 })
    expect(await elsewhere('import', sealed, ...secret)).toMatchObject({ code: 0 })
    const { out } = await elsewhere('log', identity.trim(), '--json')
    expect(out).toContain('something to keep')
    expect(out).toContain('sealed since then')
    const fresh = (...words: readonly string[]) => effigy(['-C', join(root, 'fresh'), ...words])
    expect(await fresh('init')).toMatchObject({ code: 0 })
    const restored = await fresh(
      'restore',
      '--from',
      sealed,
      ...secret,
      '--phrase-file',
      onPaper,
      '--yes',
      '--json',
    )
    expect(restored).toMatchObject({ code: 0 })
    expect((await fresh('log', identity.trim(), '--json')).out).toContain('sealed since then')
    expect(await fresh('synod', 'show')).toMatchObject({ code: 0 })
  })

  test('[Z11] one feed of it that cannot be taken keeps out no other, and is told with what to do', async () => {
    const damaged = join(root, 'damaged.age')
    const file = readFileSync(target)
    const crypto = createNodeCrypto()
    const ways = { crypto, scrypt: nodeScrypt }
    const opened = await openAgeBackup({
      read: ({ offset, length }) => pieces(file.subarray(offset, offset + length)),
      bytes: file.length,
      key: { passphrase },
      signal: new AbortController().signal,
      ...ways,
    })
    if (!opened.ok) throw new Error(opened.error.code)
    const tar = Buffer.concat(await Array.fromAsync(opened.value.plaintext({})))
    const at = tar.indexOf('"identity"', tar.indexOf('.car\0'))
    tar[at + 4]! ^= 1
    const header = await createAgeHeader([passphraseRecipient(passphrase, ways)])
    writeFileSync(damaged, Buffer.concat(await Array.fromAsync(sealAgeFile(header, pieces(tar), crypto))))
    const elsewhere = (...words: readonly string[]) => effigy(['-C', join(root, 'damaged'), ...words])
    expect(await elsewhere('init')).toMatchObject({ code: 0 })
    const told = await elsewhere('import', damaged, '--backup-passphrase-file', key, '--json')
    expect(told).toMatchObject({
      code: 1,
      out: expect.stringMatching(/"outcome":"failed".*"outcome":"imported"/s),
      error: expect.stringMatching(/import-incomplete.*1 feed .*Try another copy/s),
    })
    const { out: identity } = await effigy(['id'])
    expect((await elsewhere('log', identity.trim(), '--json')).out).toContain('something to keep')
  })

  test('[Z10] killed in the middle, or on a disk that takes nothing, there is no file of that name', async () => {
    const large = join(root, 'large')
    mkdirSync(large)
    writeFileSync(join(large, 'file'), randomBytes(96 * 1024 * 1024))
    // The other one's feed is private by now, and takes no files in the clear.
    const other = join(root, 'large-home')
    expect(await effigy(['-C', other, 'init', '--name', 'Alice'])).toMatchObject({ code: 0 })
    expect(await effigy(['-C', other, 'collection', 'add', large, '--post'])).toMatchObject({ code: 0 })
    const folder = join(root, 'folder')
    mkdirSync(folder)
    const names = (): readonly string[] => readdirSync(folder)
    const writing = start(other, ['backup', '-o', join(folder, 'b.age'), '--backup-passphrase-file', key])
    const written = (): number => Math.max(0, ...names().map((name) => statSync(join(folder, name)).size))
    await expect.poll(() => written() > 2 ** 20, { timeout: 60_000, interval: 1 }).toBe(true)
    writing.child.kill('SIGKILL')
    await writing.ended
    expect(names().filter((name) => name === 'b.age')).toEqual([])
    if (process.getuid?.() !== 0) {
      chmodSync(folder, 0o500)
      const refused = await effigy(['backup', '-o', join(folder, 'c.age'), '--backup-passphrase-file', key])
      expect(refused).toMatchObject({ code: 5 })
      chmodSync(folder, 0o700)
    }
    const nowhere = await effigy(['backup', '-o', join(root, 'no', 'c.age'), '--backup-passphrase-file', key])
    expect(nowhere).toMatchObject({ code: 5, error: expect.stringContaining('[file-unwritable]') })
  })
})

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

describe('[Z5] [T22] secrets', { timeout: 300_000 }, () => {
  /** Every command that can be run alone; those that wait for somebody else are not. */
  const commands: readonly (readonly string[])[] = [
    ['id'],
    ['post', 'x'],
    ['log'],
    ['timeline'],
    ['search', 'x'],
    ['profile', 'show'],
    ['following'],
    ['hops'],
    ['hub', 'list'],
    ['config', 'list'],
    ['config', 'get', 'networkKey'],
    ['blob', 'pins'],
    ['verify'],
    ['rebuild'],
    ['export', '-o', join(root, 'export.car')],
    ['synod', 'show'],
    ['synod', 'set', '--about', 'x'],
    ['synod', 'where'],
    ['synod', 'create'],
    ['backup', '-o', join(root, 'second.age'), '--recovery-key'],
    ['lock', '--new-passphrase-file', join(root, 'passphrase')],
    ['unlock', '--yes', '--passphrase-file', join(root, 'passphrase')],
  ]

  test('stand in nothing that any command prints, with --json and --verbose too', async () => {
    const groups = new Set(createProgram(process, async () => {}).commands.map((command) => command.name()))
    for (const [name = ''] of commands) expect(groups.has(name), name).toBe(true)
    const held = JSON.parse(readFileSync(join(home, 'vault.json'), 'utf8')) as {
      seed: string
      box: string
      synod: { key: string }
    }
    for (const words of commands) await effigy([...words, '--json', '--verbose'])
    const hex = (text: string): string => Buffer.from(text, 'base64url').toString('hex')
    const three = phrase.split(' ').slice(0, 3).join(' ')
    const secrets = [held.seed, held.box, held.synod.key].flatMap((text) => [text, hex(text)])
    for (const text of printed) {
      for (const secret of [...secrets, three, passphrase, 'AGE-SECRET-KEY'])
        expect(text).not.toContain(secret)
    }
  })
})
