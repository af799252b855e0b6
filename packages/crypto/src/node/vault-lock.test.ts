/** A vault under a passphrase: what opens it, what is said of what does not, and what a failing disk leaves. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBase64url, utf8 } from '@effigy/core'
import { Decrypter, Encrypter } from 'age-encryption'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openVaultSeal } from '../locked-vault.ts'
import { createNodeCrypto, openVaultFile } from '../node.ts'
import { type LockableVault, parseVaultContents, type VaultContents, writeVaultContents } from '../vault.ts'
import { createVaultFile } from './vault-file.ts'

/** A disk that fails: at the call `failsAt` of those that change something, and, `forGood`, at each one after it. */
const { disk, changing } = vi.hoisted(() => ({
  disk: { calls: 0, failsAt: Number.POSITIVE_INFINITY, forGood: false },
  changing: [
    'openSync',
    'writeFileSync',
    'writeSync',
    'fsyncSync',
    'renameSync',
    'linkSync',
    'rmSync',
  ] as const,
}))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const failing = (name: (typeof changing)[number]) =>
    ((...values: readonly unknown[]) => {
      const call = ++disk.calls
      if (call === disk.failsAt || (call > disk.failsAt && disk.forGood)) {
        throw Object.assign(new Error(`EIO: ${name}`), { code: 'EIO', syscall: name })
      }
      return (real[name] as (...values: readonly unknown[]) => unknown)(...values)
    }) as never
  return { ...real, ...Object.fromEntries(changing.map((name) => [name, failing(name)])) }
})

function breakDisk(failsAt: number, forGood: boolean): void {
  Object.assign(disk, { calls: 0, failsAt, forGood })
}

afterEach(() => breakDisk(Number.POSITIVE_INFINITY, false))

const passphrase = 'correct horse battery'
const contents: VaultContents = {
  v: 2,
  instance: 1,
  seed: encodeBase64url(new Uint8Array(32).fill(1)),
  box: encodeBase64url(new Uint8Array(32).fill(2)),
  phrase: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  synod: { key: encodeBase64url(new Uint8Array(32).fill(3)), n: 0 },
}
const secrets = [
  contents.seed,
  contents.box,
  'legal winner thank',
  encodeBase64url(new Uint8Array(32).fill(3)),
]

interface Place extends Disposable {
  readonly folder: string
  readonly path: string
  open(): LockableVault
}

function place(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'effigy-lock-'))
  const path = join(folder, 'vault.json')
  return {
    folder,
    path,
    // 2^10 instead of 2^18: the same path, a hundred times as fast.
    open: () => openVaultFile(path, { factor: 10 }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

async function locked(at: Place, held: VaultContents = contents): Promise<LockableVault> {
  const vault = at.open()
  await vault.create(held)
  await vault.changePassphrase(passphrase)
  return vault
}

/** What anybody finds who reads every file in the folder. */
const found = ({ folder }: Place): readonly string[] =>
  readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'latin1')
    return secrets.filter((secret) => text.includes(secret))
  })

test('[Z3] [T14] locked, nothing of it can be read; the passphrase opens it, no other does, and nobody is locked out', async () => {
  using at = place()
  const first = await locked(at)
  expect(first.state).toBe('unlocked')
  expect(first.read()).toEqual(contents)
  first.lock()
  expect(first.state).toBe('locked')
  const vault = at.open()
  for (const wrong of [
    '',
    'correct horse',
    `${passphrase} `,
    'x'.repeat(5000),
    ...Array.from({ length: 20 }, String),
  ]) {
    expect(await vault.unlock(wrong)).toEqual({ ok: false, error: { code: 'passphrase-wrong' } })
  }
  const isLocked = expect.objectContaining({ code: 'vault-locked' })
  expect(() => vault.read()).toThrow(isLocked)
  await expect(vault.replace(contents)).rejects.toThrow(isLocked)
  await expect(vault.newInstance()).rejects.toThrow(isLocked)
  await expect(vault.changePassphrase(null)).rejects.toThrow(isLocked)
  expect(await vault.unlock(passphrase)).toEqual({ ok: true, value: null })
  expect(vault.read()).toEqual(contents)
  expect(statSync(at.path).mode & 0o777).toBe(process.platform === 'win32' ? expect.anything() : 0o600)
  expect(readdirSync(at.folder)).toEqual(['vault.json'])
  expect(found(at)).toEqual([])
})

test('[Z1] letters that a keyboard spells otherwise are the same passphrase', async () => {
  using at = place()
  const vault = at.open()
  await vault.create(contents, 'Jos\u00e9 Nu\u00f1ez')
  expect(await at.open().unlock('Jose\u0301 Nun\u0303ez')).toEqual({ ok: true, value: null })
})

test('[Z1] a passphrase that is too short or too long is not set', async () => {
  using at = place()
  const vault = at.open()
  for (const [wrong, code] of [
    ['', 'passphrase-short'],
    ['7 chars', 'passphrase-short'],
    ['x'.repeat(1025), 'passphrase-long'],
  ] as const) {
    await expect(vault.create(contents, wrong)).rejects.toThrow(expect.objectContaining({ code }))
    expect(vault.state).toBe('empty')
  }
  await vault.create(contents)
  await expect(vault.changePassphrase('7 chars')).rejects.toThrow(
    expect.objectContaining({ code: 'passphrase-short' }),
  )
  expect(vault.state).toBe('plain')
})

test('[Z3] contents change without the work of the passphrase, under a new nonce, in the same length', async () => {
  using at = place()
  const vault = await locked(at)
  const before = readFileSync(at.path)
  expect(await vault.newInstance()).toBe(2)
  await vault.replace({ ...contents, instance: 3, phrase: null, synod: null })
  const after = readFileSync(at.path)
  expect(after).toHaveLength(before.length)
  const header = before.indexOf('\n', before.indexOf('\n--- ') + 1) + 1
  expect(after.subarray(0, header)).toEqual(before.subarray(0, header))
  expect(after.subarray(header, header + 16)).not.toEqual(before.subarray(header, header + 16))
  const again = at.open()
  await again.unlock(passphrase)
  expect(again.read()).toEqual({ ...contents, instance: 3, phrase: null, synod: null })
})

test('[Z3] another passphrase, and none again', async () => {
  using at = place()
  const vault = await locked(at)
  await vault.changePassphrase('another passphrase')
  expect(await at.open().unlock(passphrase)).toMatchObject({ error: { code: 'passphrase-wrong' } })
  expect((await at.open().unlock('another passphrase')).ok).toBe(true)
  await vault.changePassphrase(null)
  expect(vault.state).toBe('plain')
  expect(at.open().read()).toEqual(contents)
  await vault.wipe()
  expect([vault.state, readdirSync(at.folder)]).toEqual(['empty', []])
})

test('[Z2] any age program opens the file with the passphrase', async () => {
  using at = place()
  await locked(at)
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  const text = await decrypter.decrypt(new Uint8Array(readFileSync(at.path)), 'text')
  expect(parseVaultContents(text.trimEnd())).toEqual({ ok: true, value: contents })
})

test('[Z3] who opened it before another passphrase was set reads and writes no more', async () => {
  using at = place()
  const first = await locked(at)
  const second = at.open()
  await second.unlock(passphrase)
  await second.changePassphrase('another passphrase')
  expect(first.state).toBe('locked')
  await expect(first.replace(contents)).rejects.toThrow(expect.objectContaining({ code: 'vault-locked' }))
  expect((await at.open().unlock('another passphrase')).ok).toBe(true)
})

test('[Z3] [T14] a plain vault that takes the place of the locked one under an open peer is never written to, nor believed', async () => {
  using at = place()
  const vault = await locked(at)
  const forged = { ...contents, seed: encodeBase64url(new Uint8Array(32).fill(9)), synod: null, phrase: null }
  const plain = writeVaultContents(forged)
  writeFileSync(at.path, plain, { mode: 0o600 })
  const isReplaced = expect.objectContaining({ code: 'vault-damaged' })
  expect(() => vault.read()).toThrow(isReplaced)
  await expect(vault.replace(contents)).rejects.toThrow(isReplaced)
  await expect(vault.newInstance()).rejects.toThrow(isReplaced)
  await expect(vault.changePassphrase(null)).rejects.toThrow(isReplaced)
  expect(readFileSync(at.path, 'utf8')).toBe(plain)
})

describe('[T14] what is no whole vault', () => {
  test('truncated at each length it is damaged, which is told without any work', async () => {
    using at = place()
    await locked(at)
    const whole = readFileSync(at.path)
    const scrypt = (): never => expect.unreachable('no work')
    const ports = { crypto: createNodeCrypto(), scrypt }
    const vault = createVaultFile(at.path, ports)
    for (let length = 0; length < whole.length; length++) {
      const opened = await openVaultSeal(whole.subarray(0, length), passphrase, ports)
      expect.soft(opened, `${length} bytes`).toEqual({ ok: false, error: { code: 'vault-damaged' } })
      if (length % 97 > 0) continue
      writeFileSync(at.path, whole.subarray(0, length))
      expect
        .soft(await vault.unlock(passphrase), `${length} bytes`)
        .toEqual({ ok: false, error: { code: 'vault-damaged' } })
    }
    writeFileSync(at.path, Buffer.concat([whole, Buffer.of(0)]))
    expect(await at.open().unlock(passphrase)).toEqual({ ok: false, error: { code: 'vault-damaged' } })
  })

  test('a flipped bit never opens, and without the passphrase it is told as wrong wherever it is sealed', async () => {
    using at = place()
    await locked(at)
    const whole = readFileSync(at.path)
    const header = whole.indexOf('\n', whole.indexOf('\n--- ') + 1) + 1
    const codes = new Set<string>()
    // All of the header, and a part of the rest.
    for (let byte = 0; byte < whole.length; byte += byte < header + 20 ? 1 : 97) {
      const copy = Buffer.from(whole)
      copy[byte] = (copy[byte] ?? 0) ^ (1 << (byte % 8))
      writeFileSync(at.path, copy)
      const opened = await at.open().unlock(passphrase)
      expect.soft(opened.ok, `byte ${byte}`).toBe(false)
      if (!opened.ok) codes.add(opened.error.code)
      if (byte < header) continue
      expect
        .soft(await at.open().unlock('another one'))
        .toMatchObject({ error: { code: 'passphrase-wrong' } })
    }
    expect([...codes].sort()).toEqual(expect.arrayContaining(['passphrase-wrong', 'vault-damaged']))
    writeFileSync(at.path, whole)
    expect((await at.open().unlock(passphrase)).ok).toBe(true)
  })

  test('[Z1] a file that asks for more work than 2^20 is refused before any is done', async () => {
    using at = place()
    await locked(at)
    const whole = readFileSync(at.path, 'latin1')
    for (const [factor, code] of [
      ['21', 'work-factor'],
      ['30', 'work-factor'],
      ['999999999', 'work-factor'],
      ['9999999999', 'vault-damaged'],
      ['010', 'vault-damaged'],
      ['-1', 'vault-damaged'],
      ['1e1', 'vault-damaged'],
    ] as const) {
      writeFileSync(at.path, whole.replace(/(-> scrypt \S+ )10\n/, `$1${factor}\n`), 'latin1')
      expect.soft(await at.open().unlock(passphrase), factor).toEqual({ ok: false, error: { code } })
    }
  })

  test('a file of age to somebody else, or with other contents, is none', async () => {
    using at = place()
    const encrypter = new Encrypter()
    encrypter.setPassphrase(passphrase)
    encrypter.setScryptWorkFactor(10)
    for (const text of [writeVaultContents(contents), '{}'.padEnd(2048), '\0'.repeat(2048)]) {
      writeFileSync(at.path, await encrypter.encrypt(utf8(text)), { mode: 0o600 })
      const vault = at.open()
      const opened = await vault.unlock(passphrase)
      if (opened.ok) expect(() => vault.read()).toThrow(expect.objectContaining({ code: 'vault-damaged' }))
      else expect(opened.error.code).toBe('vault-damaged')
    }
  })
})

describe('[T14] a disk that fails', () => {
  type Change = readonly [string, (vault: LockableVault) => Promise<unknown>, 'plain' | 'locked']
  const changes: readonly Change[] = [
    ['lock', (vault) => vault.changePassphrase(passphrase), 'plain'],
    ['unlock', (vault) => vault.changePassphrase(null), 'locked'],
    ['another passphrase', (vault) => vault.changePassphrase('another passphrase'), 'locked'],
    ['other contents', (vault) => vault.replace({ ...contents, instance: 9 }), 'locked'],
    ['the first contents', (vault) => vault.create(contents, passphrase), 'plain'],
  ]

  for (const [name, change, before] of changes) {
    test.each([
      ['fails once', false],
      ['is gone, as when the process is killed', true],
    ] as const)(
      `${name}: at each step that %s there is the vault of before or after, whole`,
      async (_name, forGood) => {
        let steps = 0
        for (let failsAt = 1; ; failsAt++) {
          using at = place()
          const isFirst = name === 'the first contents'
          const vault = before === 'locked' ? await locked(at) : at.open()
          if (before === 'plain' && !isFirst) await vault.create(contents)
          breakDisk(failsAt, forGood)
          const done = await change(vault).then(
            () => true,
            () => false,
          )
          const wasReached = disk.calls >= failsAt
          breakDisk(Number.POSITIVE_INFINITY, false)
          if (!wasReached) {
            expect(done).toBe(true)
            break
          }
          steps++
          const again = at.open()
          if (isFirst && again.state === 'empty') {
            expect(await again.create(contents, passphrase)).toBe(true)
            expect(found(at)).toEqual([])
            continue
          }
          if (again.state === 'locked') {
            const opened = [await again.unlock(passphrase), await again.unlock('another passphrase')]
            expect(opened.some(({ ok }) => ok)).toBe(true)
          }
          expect({ ...again.read(), instance: 1 }).toEqual(contents)
          // Once it is locked, and was opened again, no copy in the clear is left under any name.
          again.tidy()
          if (again.state === 'unlocked') expect(found(at)).toEqual([])
        }
        expect(steps).toBeGreaterThan(3)
      },
    )
  }
})
