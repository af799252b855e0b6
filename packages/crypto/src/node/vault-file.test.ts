import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { encodeBase64url } from '@effigy/core'
import { createRandom, damaged } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { openVaultFile } from '../node.ts'
import {
  parseAccountSecrets,
  parseVaultContents,
  type VaultContents,
  writeAccountSecrets,
  writeVaultContents,
} from '../vault.ts'

const contents: VaultContents = {
  v: 2,
  instance: 1,
  seed: encodeBase64url(new Uint8Array(32).fill(1)),
  box: encodeBase64url(new Uint8Array(32).fill(2)),
  phrase: null,
  synod: null,
}

function folder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'effigy-vault-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('gives back what was stored, in a new opening too, and leaves nothing else behind', async () => {
  using place = folder()
  const path = join(place.path, 'deep', 'vault.json')
  const vault = openVaultFile(path)
  expect(vault.read()).toBeNull()
  await vault.replace(contents)
  await vault.replace({ ...contents, phrase: 'abandon about' })
  expect(openVaultFile(path).read()).toEqual({ ...contents, phrase: 'abandon about' })
  expect(readdirSync(join(place.path, 'deep'))).toEqual(['vault.json'])
})

test.skipIf(process.platform === 'win32')('file and directory are for the owner only', async () => {
  using place = folder()
  const path = join(place.path, 'deep', 'vault.json')
  await openVaultFile(path).replace(contents)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(place.path, 'deep')).mode & 0o777).toBe(0o700)
})

test.skipIf(process.platform === 'win32')('a vault that others can read is refused', async () => {
  using place = folder()
  const path = join(place.path, 'vault.json')
  const vault = openVaultFile(path)
  await vault.replace(contents)
  for (const mode of [0o640, 0o604, 0o620, 0o666]) {
    chmodSync(path, mode)
    expect(() => vault.read()).toThrow(expect.objectContaining({ code: 'vault-exposed' }))
  }
  chmodSync(path, 0o600)
  expect(vault.read()).toEqual(contents)
})

test('the instance number grows and is durable; without a vault there is none', async () => {
  using place = folder()
  const path = join(place.path, 'vault.json')
  const vault = openVaultFile(path)
  await expect(vault.newInstance()).rejects.toThrow(expect.objectContaining({ code: 'vault' }))
  await vault.replace(contents)
  expect([await vault.newInstance(), await openVaultFile(path).newInstance()]).toEqual([2, 3])
  expect(vault.read()).toEqual({ ...contents, instance: 3 })
})

test('what a crash left half written is replaced, never read', async () => {
  using place = folder()
  const path = join(place.path, 'vault.json')
  writeFileSync(`${path}.new`, '{"v":1', { mode: 0o666 })
  const vault = openVaultFile(path)
  expect(vault.read()).toBeNull()
  await vault.replace(contents)
  expect(vault.read()).toEqual(contents)
})

test('the first contents are never replaced by others that come at once', async () => {
  using place = folder()
  const path = join(place.path, 'home', 'vault.json')
  const other = { ...contents, seed: encodeBase64url(new Uint8Array(32).fill(9)) }
  expect(await openVaultFile(path).create(contents)).toBe(true)
  expect(await openVaultFile(path).create(other)).toBe(false)
  expect(openVaultFile(path).read()).toEqual(contents)
  expect(readdirSync(join(place.path, 'home'))).toEqual(['vault.json'])
  expect(statSync(path).mode & 0o077).toBe(process.platform === 'win32' ? statSync(path).mode & 0o077 : 0)
  // A half-written file of a crash is in nobody's way, and a damaged vault is not taken for none.
  writeFileSync(path, '{"v":1', { mode: 0o600 })
  expect(await openVaultFile(path).create(contents)).toBe(false)
})

test('of many threads that create one at once, one is told that it did', async () => {
  using place = folder()
  const path = join(place.path, 'vault.json')
  const module = new URL('../node.ts', import.meta.url).href
  const start = new SharedArrayBuffer(4)
  const program = `
    import { parentPort, workerData } from 'node:worker_threads'
    const { openVaultFile } = await import(workerData.module)
    parentPort.postMessage('ready')
    Atomics.wait(new Int32Array(workerData.start), 0, 0)
    parentPort.postMessage(await openVaultFile(workerData.path).create(workerData.contents))`
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`)
  const workers = Array.from({ length: 4 }, (_, index) => {
    const seed = encodeBase64url(new Uint8Array(32).fill(index + 1))
    const workerData = { module, path, start, contents: { ...contents, seed } }
    return { seed, worker: new Worker(url, { workerData, execArgv: [] }) }
  })
  await Promise.all(workers.map(({ worker }) => once(worker, 'message')))
  const answers = Promise.all(
    workers.map(async ({ worker, seed }) => ({
      seed,
      answer: (await once(worker, 'message'))[0] as boolean,
    })),
  )
  Atomics.store(new Int32Array(start), 0, 1)
  Atomics.notify(new Int32Array(start), 0)
  const won = (await answers).filter(({ answer }) => answer)
  expect(won.map(({ seed }) => seed)).toEqual([openVaultFile(path).read()?.seed])
  expect(readdirSync(place.path)).toEqual(['vault.json'])
})

test('damage and newer versions are named', async () => {
  using place = folder()
  const path = join(place.path, 'vault.json')
  const vault = openVaultFile(path)
  for (const [text, message, code] of [
    ['', /damaged/, 'vault-damaged'],
    ['{}', /damaged/, 'vault-damaged'],
    ['x'.repeat(5000), /too large/, 'vault-damaged'],
    ['{"v":3}', /newer version/, 'vault'],
  ] as const) {
    writeFileSync(path, text, { mode: 0o600 })
    expect(() => vault.read()).toThrow(message)
    await expect(vault.newInstance()).rejects.toThrow(expect.objectContaining({ code }))
    expect(readFileSync(path, 'utf8')).toBe(text)
  }
})

test('a directory in its place, or one that cannot be made, is an error with a code', async () => {
  using place = folder()
  expect(() => openVaultFile(place.path).read()).toThrow(expect.objectContaining({ code: 'vault' }))
  writeFileSync(join(place.path, 'file'), '')
  const inFile = openVaultFile(join(place.path, 'file', 'vault.json'))
  await expect(inFile.replace(contents)).rejects.toThrow(expect.objectContaining({ code: 'vault' }))
})

test('contents that the reader would refuse are never written', async () => {
  using place = folder()
  const vault = openVaultFile(join(place.path, 'vault.json'))
  const synods = [
    { key: 'AA', n: 0 },
    { key: contents.seed, n: -1 },
    { key: contents.seed, n: 0.5 },
  ]
  for (const wrong of [
    { seed: 'AA' },
    { instance: 0 },
    { instance: 1.5 },
    { phrase: 'x'.repeat(300) },
    ...synods.map((synod) => ({ synod })),
  ]) {
    await expect(vault.replace({ ...contents, ...wrong })).rejects.toThrow(TypeError)
    await expect(vault.create({ ...contents, ...wrong })).rejects.toThrow(TypeError)
  }
  expect(vault.read()).toBeNull()
})

test('[T25] version 1, which knew no accounts, is still read, and written as version 2', async () => {
  const { seed, box } = contents
  const first = { v: 1, instance: 7, seed, box, phrase: 'abandon about' }
  expect(parseVaultContents(JSON.stringify(first))).toEqual({
    ok: true,
    value: { ...first, v: 2, synod: null },
  })
  expect(parseVaultContents(JSON.stringify({ ...first, synod: null })).ok).toBe(false)
  expect(parseVaultContents(JSON.stringify({ ...first, v: 2 })).ok).toBe(false)
})

test("a main device's synod key is given back", async () => {
  const main: VaultContents = { ...contents, synod: { key: contents.seed, n: 3 } }
  expect(parseVaultContents(writeVaultContents(main))).toEqual({ ok: true, value: main })
  using place = folder()
  const vault = openVaultFile(join(place.path, 'vault.json'))
  await vault.replace(main)
  expect(await vault.newInstance()).toBe(2)
  expect(vault.read()).toEqual({ ...main, instance: 2 })
})

test('reading contents never throws, and reads only what writing gives', async () => {
  const text = writeVaultContents(contents)
  expect(parseVaultContents(text)).toEqual({ ok: true, value: contents })
  const bytes = new TextEncoder().encode(text)
  for (const copy of damaged(createRandom('vault'), bytes, 500)) {
    const altered = new TextDecoder().decode(copy)
    const parsed = parseVaultContents(altered)
    if (parsed.ok) expect(writeVaultContents(parsed.value)).toBe(altered)
  }
})

test("[K11] an account's secrets alone are read as strictly", () => {
  const secrets = { phrase: 'abandon about', synod: { key: contents.seed, n: 3 } }
  const text = writeAccountSecrets(secrets)
  expect(parseAccountSecrets(text)).toEqual(secrets)
  expect(parseAccountSecrets(writeAccountSecrets({ phrase: null, synod: null }))).toEqual({
    phrase: null,
    synod: null,
  })
  for (let length = 0; length < text.length; length++) {
    expect(parseAccountSecrets(text.slice(0, length))).toBeNull()
  }
  for (const copy of damaged(createRandom('secrets'), new TextEncoder().encode(text), 500)) {
    const altered = new TextDecoder().decode(copy)
    const parsed = parseAccountSecrets(altered)
    if (parsed !== null) expect(writeAccountSecrets(parsed)).toBe(altered)
  }
})
