/** A browser's vault among tabs that are killed, other versions, damage, and a database that fails. */
import { encodeBase64url } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { expect, test, vi } from 'vitest'
import { withoutCurves } from '../../test/browser-contracts.ts'
import type { VaultTask } from '../../test/vault.worker.ts'
import { createBrowserCrypto } from '../browser.ts'
import { openVaultDatabase, type VaultDatabase, wipeVaultDatabase } from './vault-database.ts'
import type { LockSecret } from './vault-locks.ts'
import { openVaultTable } from './vault-table.ts'

const webcrypto = createBrowserCrypto()
const passphrase = 'correct horse battery'
const phrase = 'abandon abandon about'
const synod = { key: encodeBase64url(new Uint8Array(32).fill(5)), n: 3 }
let places = 0

/** A vault of its own, gone afterwards. */
function place(): { readonly name: string; open(): Promise<VaultDatabase> } & AsyncDisposable {
  const name = `faults-${places++}`
  const made: VaultDatabase[] = []
  return {
    name,
    async open() {
      const vault = await openVaultDatabase({ name, crypto: await webcrypto, factor: 4 })
      made.push(vault)
      return vault
    },
    async [Symbol.asyncDispose]() {
      for (const vault of made) vault[Symbol.dispose]()
      await wipeVaultDatabase({ name })
    },
  }
}

function startWorker(task: VaultTask): Worker {
  const worker = new Worker(new URL('../../test/vault.worker.ts', import.meta.url), { type: 'module' })
  worker.postMessage(task)
  return worker
}

const next = (worker: Worker): Promise<unknown> =>
  new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => resolve(data), { once: true })
    worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true })
  })

test('[K10] of two tabs that create at once, one is told that it did', async () => {
  await using at = place()
  const workers = [1, 2].map(() => startWorker({ type: 'create', name: at.name }))
  await Promise.all(workers.map(next))
  const answers = workers.map(next)
  for (const worker of workers) worker.postMessage('go')
  expect((await Promise.all(answers)).sort()).toEqual([false, true])
  for (const worker of workers) worker.terminate()
  expect((await at.open()).state).toBe('plain')
})

test('[K10] [T14] 6 tabs killed while they write: no number comes twice, and what was kept is there', async () => {
  await using at = place()
  const random = createRandom('killed tabs')
  let durable = 0
  for (let round = 0; round < 6; round++) {
    const worker = startWorker({ type: 'write', name: at.name })
    const writes = 1 + random.integer(5)
    for (let write = 0; write < writes; write++) {
      const instance = Number(await next(worker))
      expect(instance).toBeGreaterThan(durable)
      durable = instance
    }
    worker.terminate()
    using vault = await openVaultDatabase({ name: at.name, crypto: await webcrypto })
    const instance = vault.read()?.instance ?? 0
    expect(instance).toBeGreaterThanOrEqual(durable)
    const kept = Number(vault.account.read()?.phrase?.split(' ')[1])
    expect(kept).toBeGreaterThanOrEqual(durable)
    expect(kept).toBeLessThanOrEqual(instance)
    durable = instance
  }
})

test('[K10] what had the vault open before another tab did writes no more', async () => {
  await using at = place()
  const former = await at.open()
  await former.create()
  const latter = await at.open()
  await latter.newInstance()
  await latter.account.keep({ phrase, synod })
  await expect(former.account.keep({ phrase: null, synod: null })).rejects.toMatchObject({ code: 'vault' })
  await expect(former.newInstance()).rejects.toMatchObject({ code: 'vault' })
  expect((await at.open()).account.read()).toEqual({ phrase, synod })
})

test('[K10] a vault that the browser has cleared under an open one is another device from then on', async () => {
  await using at = place()
  const vault = await at.open()
  await vault.create()
  const { publicKey } = vault.signer
  await new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase(`${at.name}-vault`)
    deleting.onsuccess = resolve
    deleting.onerror = reject
  })
  await expect(vault.newInstance()).rejects.toMatchObject({ code: 'vault' })
  await expect(vault.account.keep({ phrase, synod })).rejects.toMatchObject({ code: 'vault' })
  const again = await at.open()
  expect(again.state).toBe('empty')
  await again.create()
  expect(again.signer.publicKey).not.toEqual(publicKey)
})

test('[K10] a newer version of the record, or of the database, is refused and left alone', async () => {
  await using at = place()
  await (await at.open()).create()
  const newer = { v: 2, whatever: 'it has' }
  await edit(at.name, () => newer)
  await expect(at.open()).rejects.toMatchObject({ code: 'vault', message: expect.stringContaining('newer') })
  await edit(at.name, (record) => {
    expect(record).toEqual(newer)
    return record
  })
  const name = `${at.name}-next`
  await new Promise<void>((resolve) => {
    const opening = indexedDB.open(`${name}-vault`, 2)
    opening.onsuccess = () => {
      opening.result.close()
      resolve()
    }
  })
  await expect(openVaultDatabase({ name, crypto: await webcrypto })).rejects.toMatchObject({
    code: 'vault',
    message: expect.stringContaining('newer'),
  })
  indexedDB.deleteDatabase(`${name}-vault`)
})

test('[K13] [T3] damage of any part is named, and no damaged vault opens', async () => {
  for (const secret of [undefined, passphrase]) {
    await using at = place()
    {
      using vault = await at.open()
      await vault.create(secret)
      await vault.account.keep({ phrase, synod })
    }
    const record = await read(at.name)
    for (const damaged of damages(record)) {
      await edit(at.name, () => damaged)
      expect(await outcome(at, secret)).toMatch(/^(vault-damaged|passphrase-wrong)$/)
    }
    await edit(at.name, () => record)
    expect(await outcome(at, secret)).toBe('open')
  }
})

async function outcome(at: ReturnType<typeof place>, secret: LockSecret | undefined): Promise<string> {
  try {
    const vault = await at.open()
    const opened = await vault.unlock(secret ?? 'none')
    if (!opened.ok) return opened.error.code
    return vault.signer === undefined ? 'shut' : 'open'
  } catch (cause) {
    return String((cause as { code?: unknown }).code)
  }
}

/** Every field gone, of another type, and each array of bytes shorter, longer and with a bit flipped. */
function* damages(value: unknown): Generator<unknown> {
  if (value instanceof Uint8Array) {
    yield value.slice(0, -1)
    yield Uint8Array.of(...value, 0)
    for (const at of [0, value.length >> 1, value.length - 1]) {
      yield value.map((byte, index) => (index === at ? byte ^ 1 : byte))
    }
    return
  }
  yield 'something else'
  yield undefined
  if (typeof value !== 'object' || value === null || value instanceof CryptoKey) return
  for (const [key, each] of Object.entries(value)) {
    if (key === 'instance') continue
    for (const damaged of damages(each)) {
      if (!Array.isArray(value)) yield { ...value, [key]: damaged }
      else yield value.map((item, index) => (String(index) === key ? damaged : item))
    }
  }
}

test('[Z1] [T16] a lock that asks for more work than ours is not tried', async () => {
  await using at = place()
  await (await at.open()).create(passphrase)
  await edit(at.name, (record) => {
    const { keys } = record as { keys: { locks: { header: Uint8Array }[] } }
    const [lock] = keys.locks
    const text = new TextDecoder('latin1').decode(lock?.header)
    const asking = text.replace(/(-> scrypt \S+) \d+/, '$1 30')
    const header = Uint8Array.from(asking, (character) => character.charCodeAt(0))
    return { ...(record as object), keys: { ...keys, locks: [{ ...lock, header }] } }
  })
  expect(await (await at.open()).unlock(passphrase)).toEqual({ ok: false, error: { code: 'work-factor' } })
})

test('[K13] a passphrase is changed by who knows it; the last lock stays; a plain vault takes none', async () => {
  await using at = place()
  const vault = await at.open()
  await vault.create(passphrase)
  const wrong = { ok: false, error: { code: 'passphrase-wrong' } }
  expect(await vault.putLock('another passphrase', 'wrong horse battery')).toEqual(wrong)
  await expect(vault.putLock('short', passphrase)).rejects.toMatchObject({ code: 'passphrase-short' })
  expect(await vault.putLock('another passphrase', passphrase)).toEqual({ ok: true, value: null })
  expect(vault.locks).toEqual([{ type: 'passphrase' }])
  const again = await at.open()
  expect(await again.unlock(passphrase)).toEqual(wrong)
  expect(await again.unlock('another passphrase')).toEqual({ ok: true, value: null })
  await expect(again.removeLock({ type: 'passphrase' }, 'another passphrase')).rejects.toMatchObject({
    code: 'last-lock',
  })
  const secretOf = (index: number) => ({ credential: `key${index}`, secret: new Uint8Array(32).fill(index) })
  for (let index = 1; index < 16; index++) {
    expect((await again.putLock(secretOf(index), 'another passphrase')).ok).toBe(true)
  }
  await expect(again.putLock(secretOf(16), 'another passphrase')).rejects.toMatchObject({
    code: 'too-many-locks',
  })
  expect((await again.putLock(secretOf(1), secretOf(2))).ok).toBe(true)

  await using other = place()
  const plain = await other.open()
  await plain.create()
  await expect(plain.putLock(passphrase, passphrase)).rejects.toMatchObject({ code: 'vault-plain' })
})

test('[K13] a vault that is locked while it is being opened stays locked', async () => {
  await using at = place()
  await (await at.open()).create(passphrase)
  const vault = await at.open()
  const opening = vault.unlock(passphrase)
  vault.lock()
  await expect(opening).rejects.toMatchObject({ code: 'vault-locked' })
  expect(vault.state).toBe('locked')
})

test('[K12] where WebCrypto comes and goes, a locked vault opens either way, and says how it is protected', async () => {
  await using at = place()
  const noCurves = withoutCurves()
  const options = { name: at.name, crypto: await webcrypto, factor: 4 }
  let publicKey: Uint8Array
  {
    using vault = await openVaultDatabase({ ...options, subtle: noCurves })
    await vault.create(passphrase)
    expect(vault.protection).toBe('sealed')
    publicKey = vault.signer.publicKey
  }
  for (const [subtle, protection] of [
    [crypto.subtle, 'non-extractable'],
    [noCurves, 'sealed'],
  ] as const) {
    using vault = await openVaultDatabase({ ...options, subtle })
    expect((await vault.unlock(passphrase)).ok).toBe(true)
    expect([vault.protection, vault.signer.publicKey]).toEqual([protection, publicKey])
  }
})

test('a database that fails is told as such', async () => {
  const refusing = {
    open() {
      throw new DOMException('', 'SecurityError')
    },
  } as unknown as IDBFactory
  await expect(openVaultTable('refused', refusing)).rejects.toMatchObject({ code: 'vault' })
  const table = await openVaultTable('failing')
  await expect(table.add({ cannotBeCloned: () => {} })).rejects.toMatchObject({ code: 'vault' })
  expect(await table.read()).toBeNull()
  const fault = new Error('of the editor')
  await expect(
    table.change(() => {
      throw fault
    }),
  ).rejects.toBe(fault)
  table[Symbol.dispose]()
  await expect(table.read()).rejects.toMatchObject({ code: 'closed' })
  indexedDB.deleteDatabase('failing')
})

test('[T22] no error carries a secret, and nothing is said on the console', async () => {
  const said = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) => vi.spyOn(console, method))
  await using at = place()
  const vault = await at.open()
  await vault.create(passphrase)
  await vault.account.keep({ phrase, synod })
  const passkey = { credential: 'cred', secret: new Uint8Array(32).fill(7) }
  const faults: unknown[] = []
  const attempts: (() => unknown)[] = [
    () => vault.account.keep({ phrase: phrase.repeat(20), synod }),
    () => vault.create('short!'),
    () => vault.putLock({ ...passkey, secret: passkey.secret.slice(1) }, passphrase),
    () => vault.unlock('canary horse battery'),
    () => vault.unlock(passkey),
    () => vault.putLock('another passphrase', 'canary horse battery'),
    () => vault.removeLock({ type: 'passphrase' }, passphrase),
  ]
  for (const attempt of attempts) {
    try {
      faults.push(await attempt())
    } catch (cause) {
      faults.push(cause)
    }
  }
  vault.lock()
  await edit(at.name, () => ({ v: 1, phrase, passphrase }))
  faults.push(await vault.unlock(passphrase).catch((cause: unknown) => cause))
  faults.push(await at.open().catch((cause: unknown) => cause))
  const text = faults.map(spelled).join('\n')
  expect(text).toContain('vault-damaged')
  for (const canary of [
    'abandon',
    'correct',
    'canary',
    'another',
    'short!',
    synod.key,
    encodeBase64url(passkey.secret),
  ]) {
    expect(text).not.toContain(canary)
  }
  for (const spy of said) {
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
  }
})

/** All that somebody who logs it would see. */
function spelled(fault: unknown): string {
  if (!(fault instanceof Error)) return JSON.stringify(fault)
  const { name, message, stack, cause } = fault
  return [name, message, stack, JSON.stringify(fault), cause === undefined ? '' : spelled(cause)].join('\n')
}

async function read(name: string): Promise<unknown> {
  using table = await openVaultTable(`${name}-vault`)
  return table.read()
}

async function edit(name: string, work: (record: unknown) => unknown): Promise<void> {
  using table = await openVaultTable(`${name}-vault`)
  await table.change(work)
}
