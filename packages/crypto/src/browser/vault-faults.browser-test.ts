/** A browser's vault among tabs that are killed, other versions, damage, and a database that fails. */
import { encodeBase64url } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { expect, test, vi } from 'vitest'
import type { VaultTask } from '../../test/vault.worker.ts'
import { type TestPlace, vaultPlace, webcrypto } from '../../test/vault-place.ts'
import { openVaultDatabase } from './vault-database.ts'
import type { LockSecret } from './vault-locks.ts'
import { openVaultTable } from './vault-table.ts'

const passphrase = 'correct horse battery'
const phrase = 'abandon abandon about'
const synod = { key: encodeBase64url(new Uint8Array(32).fill(5)), n: 3 }

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
  await using at = vaultPlace()
  const workers = [1, 2].map(() => startWorker({ type: 'create', name: at.name }))
  await Promise.all(workers.map(next))
  const answers = workers.map(next)
  for (const worker of workers) worker.postMessage('go')
  expect((await Promise.all(answers)).sort()).toEqual([false, true])
  for (const worker of workers) worker.terminate()
  expect((await at.open()).state).toBe('plain')
})

test('[K10] [K15] [T14] 6 tabs killed while they write: no number comes twice, and what was kept is there', async () => {
  await using at = vaultPlace()
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
  await using at = vaultPlace()
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
  await using at = vaultPlace()
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
  await using at = vaultPlace()
  await (await at.open()).create()
  const newer = { v: 2, whatever: 'it has' }
  await at.edit(() => newer)
  await expect(at.open()).rejects.toMatchObject({ code: 'vault', message: expect.stringContaining('newer') })
  await at.edit((record) => {
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
    await using at = vaultPlace()
    {
      using vault = await at.open()
      await vault.create(secret)
      await vault.account.keep({ phrase, synod })
    }
    const record = await at.read()
    for (const damaged of damages(record)) {
      await at.edit(() => damaged)
      expect(await outcome(at, secret)).toMatch(/^(vault-damaged|passphrase-wrong)$/)
    }
    await at.edit(() => record)
    expect(await outcome(at, secret)).toBe('open')
  }
})

async function outcome(at: TestPlace, secret: LockSecret | undefined): Promise<string> {
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

test('[K10] every change is on the disk before it is told', async () => {
  await using at = vaultPlace()
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction')
  const vault = await at.open()
  await vault.create(passphrase)
  await vault.newInstance()
  await vault.account.keep({ phrase, synod })
  await vault.putLock('another passphrase', passphrase)
  const writing = transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')
  transaction.mockRestore()
  expect(writing.length).toBeGreaterThanOrEqual(4)
  for (const [, , options] of writing) expect(options).toEqual({ durability: 'strict' })
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
  await using at = vaultPlace()
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
  await at.edit(() => ({ v: 1, phrase, passphrase }))
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
