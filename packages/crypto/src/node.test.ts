import { createHmac, createPublicKey, hkdfSync, verify as opensslVerify } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  concatBytes,
  type Entry,
  identityOfKey,
  judgedEntryCheck,
  type SignatureCheck,
  signEntry,
  utf8,
} from '@effigy/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cryptoContract } from '../test/crypto-contract.ts'
import { readContractVectors } from '../test/node-vectors.ts'
import { hex } from '../test/vectors.ts'
import { createNobleCrypto } from './noble.ts'
import { createVerifyPool } from './node/verify-pool.ts'
import { createNodeCrypto, openNodeCrypto } from './node.ts'
import { signatureCases } from './self-test-signatures.ts'
import { mayBeSignature } from './strict.ts'

const vectors = readContractVectors()
const sodium = createNodeCrypto()
const noble = createNobleCrypto()

cryptoContract('sodium', async () => sodium, vectors)

describe('other verifiers on Node', () => {
  const spkiHead = hex('302a300506032b6570032100')

  /** OpenSSL behind the same prechecks. */
  function opensslStrict(check: SignatureCheck): boolean {
    if (!mayBeSignature(check) || !noble.isSoundKey(check.publicKey)) return false
    const der = Buffer.from(concatBytes(spkiHead, check.publicKey))
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return opensslVerify(null, check.message, key, check.signature)
  }

  test('[K1] [T2] node:crypto gives the same verdicts behind the same prechecks', () => {
    const wrong = vectors.signatures.cases.filter(({ publicKey, message, signature, valid }) => {
      const check = { publicKey: hex(publicKey), message: hex(message), signature: hex(signature) }
      return opensslStrict(check) !== valid
    })
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  test('[K1] [T2] damaged signatures: sodium, noble and node:crypto agree', async () => {
    const signer = await sodium.signer(new Uint8Array(32).fill(1))
    const message = utf8('message')
    const signature = await signer.signBytes(message)
    const place = fc.tuple(
      fc.constantFrom('publicKey' as const, 'signature' as const),
      fc.nat(63),
      fc.nat(255),
    )
    await fc.assert(
      fc.asyncProperty(place, async ([field, at, byte]) => {
        const check: SignatureCheck = { publicKey: signer.publicKey, message, signature }
        const bytes = check[field]
        const damaged = { ...check, [field]: bytes.with(at % bytes.length, byte) }
        const expected = opensslStrict(damaged)
        expect(await sodium.verify([damaged])).toEqual([expected])
        expect(await noble.verify([damaged])).toEqual([expected])
      }),
      { numRuns: 100 },
    )
  })

  test('[K4] hmac and hkdf are those of node:crypto', () => {
    const bytes = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(bytes, bytes, bytes, fc.integer({ min: 1, max: 200 }), (key, salt, info, length) => {
        expect(sodium.hmacSha256(key, salt)).toEqual(
          new Uint8Array(createHmac('sha256', key).update(salt).digest()),
        )
        const derived = new Uint8Array(hkdfSync('sha256', key, salt, info, length))
        expect(sodium.hkdfSha256(key, salt, info, length)).toEqual(derived)
      }),
    )
  })
})

describe('the self-test', () => {
  test('[K2] a backend is handed out only after it passed', async () => {
    expect((await openNodeCrypto()).name).toBe('sodium')
  })

  test('[K2] runs cases that stand in the vectors with the same verdicts', () => {
    const known = new Map(
      vectors.signatures.cases.map((item) => [`${item.publicKey} ${item.message} ${item.signature}`, item]),
    )
    for (const [valid, soundKey, ...strings] of signatureCases) {
      expect(known.get(strings.join(' '))).toMatchObject({ valid, soundKey })
    }
    expect(signatureCases.length).toBeGreaterThan(30)
  })
})

describe('the verify pool', () => {
  async function manyChecks(count: number): Promise<readonly SignatureCheck[]> {
    const signer = await sodium.signer(new Uint8Array(32).fill(1))
    return Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const message = utf8(`message ${index}`)
        const signature = await signer.signBytes(message)
        return {
          publicKey: signer.publicKey,
          message,
          signature:
            index % 7 === 0 ? signature.with(40, 0) : index % 11 === 0 ? signature.subarray(1) : signature,
        }
      }),
    )
  }

  test('[K1] [T2] gives the verdicts of the edge cases', async () => {
    await using pool = createVerifyPool({ threads: 2 })
    const { cases } = vectors.signatures
    const verdicts = await pool.verify(
      cases.map(({ publicKey, message, signature }) => ({
        publicKey: hex(publicKey),
        message: hex(message),
        signature: hex(signature),
      })),
    )
    expect(verdicts).toEqual(cases.map(({ valid }) => valid))
  })

  test('keeps the order over many parts and callers, more than it holds at once', async () => {
    await using pool = createVerifyPool({ threads: 2 })
    const checks = await manyChecks(700)
    const expected = await sodium.verify(checks)
    const answers = await Promise.all([
      pool.verify(checks),
      pool.verify(checks),
      pool.verify(checks.slice(0, 3)),
    ])
    expect(answers[0]).toEqual(expected)
    expect(answers[1]).toEqual(expected)
    expect(answers[2]).toEqual(expected.slice(0, 3))
    expect(await pool.verify([])).toEqual([])
    expect(await createNodeCrypto({ pool }).verify(checks)).toEqual(expected)
  })

  test('[F8] whole entries have the verdicts of their checks, and what is none fails', async () => {
    await using pool = createVerifyPool({ threads: 2 })
    const signer = await sodium.signer(new Uint8Array(32).fill(7))
    const entries: Uint8Array[] = []
    for (let index = 0; index < 300; index++) {
      const entry: Entry = {
        identity: identityOfKey(signer.publicKey),
        parent: null,
        length: 1,
        comparable: 1 + index,
        synod: null,
        links: [],
        payload: `{"type":"x-test","at":${index}}`,
      }
      const { bytes } = await signEntry(entry, signer, sodium.sha256)
      const at = index % bytes.length
      entries.push(index % 5 === 0 ? bytes.with(at, (bytes[at] as number) ^ 1) : bytes)
    }
    const verdicts = await pool.verifyEntries(entries)
    expect(verdicts).toEqual(entries.map((_, index) => index % 5 !== 0))
    expect(verdicts).toEqual(await sodium.verify(entries.map(judgedEntryCheck)))
    // Two feeds in turns: a check of the one must not use what was kept of the other.
    const other = await sodium.signer(new Uint8Array(32).fill(8))
    const turns: Uint8Array[] = []
    for (let length = 1; length <= 40; length++) {
      const by = length % 3 === 0 ? other : signer
      const named = length % 7 === 0 ? signer : by
      const entry: Entry = {
        identity: identityOfKey(named.publicKey),
        parent: null,
        length: 1,
        comparable: length,
        synod: null,
        links: [],
        payload: JSON.stringify({ type: 'x-test', text: 'x'.repeat(1000 - 20 * length) }),
      }
      turns.push((await signEntry(entry, by, sodium.sha256)).bytes)
    }
    const expected = await sodium.verify(turns.map(judgedEntryCheck))
    expect(expected.filter((valid) => !valid)).toHaveLength(1)
    expect(await pool.verifyEntries(turns)).toEqual(expected)
    const others = [new Uint8Array(0), new Uint8Array(40), (entries[1] as Uint8Array).subarray(0, 200)]
    expect(await pool.verifyEntries(others)).toEqual([false, false, false])
    expect(await pool.verifyEntries([])).toEqual([])
  })

  test('a crash rejects what was under way, and the next batch has a new thread', async () => {
    const program = new URL(`data:text/javascript,${encodeURIComponent(crashOnFirst)}`)
    await using pool = createVerifyPool({ threads: 1, program })
    const [one] = await manyChecks(2).then((checks) => [checks.slice(1)])
    await expect(pool.verify(one ?? [])).rejects.toMatchObject({ code: 'verify-worker' })
    await expect(pool.verify(one ?? [])).rejects.toMatchObject({ code: 'verify-worker' })
  })

  test('a closed pool rejects what waits and what comes', async () => {
    const checks = await manyChecks(2000)
    const pool = createVerifyPool({ threads: 1 })
    const under = pool.verify(checks)
    const rejected = expect(under).rejects.toMatchObject({ code: 'pool-closed' })
    await pool[Symbol.asyncDispose]()
    await rejected
    await expect(pool.verify(checks)).rejects.toMatchObject({ code: 'pool-closed' })
  })

  test('an aborted pool rejects with the reason', async () => {
    const stop = new AbortController()
    await using pool = createVerifyPool({ threads: 1, signal: stop.signal })
    const under = pool.verify(await manyChecks(600))
    const rejected = expect(under).rejects.toBe('stop')
    stop.abort('stop')
    await rejected
  })

  test('an idle pool does not keep the process alive', async () => {
    const { execFile } = await import('node:child_process')
    const { promisify } = await import('node:util')
    const pool = fileURLToPath(new URL('./node/verify-pool.ts', import.meta.url))
    const script = `
      const { createVerifyPool } = await import(${JSON.stringify(pool)})
      const check = { publicKey: new Uint8Array(32), message: new Uint8Array(0), signature: new Uint8Array(64) }
      console.log(JSON.stringify(await createVerifyPool({ threads: 1 }).verify([check])))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 20_000,
    })
    expect(stdout).toBe('[false]\n')
  })
})

const crashOnFirst = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', () => { throw new Error('crash') })`
