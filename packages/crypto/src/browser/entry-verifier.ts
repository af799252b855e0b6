/**
 * The signatures of many entries, checked beside the worker that has the peer, so that it goes on storing meanwhile.
 *
 *     verifyEntries ─few│no workers here│they fail─▶ in place
 *                   └─many─▶ verify-pool.ts, loaded then ─▶ verify.worker.ts
 *
 * A worker that dies leaves no verdict: its entries are checked again, here.
 *
 * @module
 */
import { EffigyError, judgedEntryCheck } from '@effigy/core'
import type { Crypto } from '../crypto.ts'
import type { VerifyPool } from '../verify-crew.ts'
import type { WorkerPoolOptions } from './verify-pool.ts'

export interface EntryVerifier extends AsyncDisposable {
  /** One verdict an entry, in order, of entries that were judged already. Rejects with 'pool-closed' after disposal. */
  verifyEntries(entries: readonly Uint8Array[]): Promise<readonly boolean[]>
}

export interface EntryVerifierOptions extends WorkerPoolOptions {
  /** Checks in place. */
  readonly verify: Crypto['verify']
}

/** For fewer no worker is started: some 5 ms of checking. */
const fewest = 64

/** So many failures of workers in a row, and there are none to be had. */
const mostFailures = 3

/** Starts no worker before there is much to check; dispose it with the peer. */
export function createEntryVerifier({ verify, ...options }: EntryVerifierOptions): EntryVerifier {
  let failures = typeof Worker === 'undefined' ? mostFailures : 0
  let loading: Promise<VerifyPool> | null = null
  let isOver = false

  async function load(): Promise<VerifyPool> {
    try {
      const { createWorkerPool } = await import('./verify-pool.ts')
      return createWorkerPool(options)
    } catch (cause) {
      loading = null
      throw new EffigyError('verify-worker', 'verify workers could not be loaded', { cause })
    }
  }

  async function elsewhere(entries: readonly Uint8Array[]): Promise<readonly boolean[] | null> {
    if (entries.length < fewest || failures >= mostFailures) return null
    try {
      loading ??= load()
      const pool = await loading
      const verdicts = await pool.verifyEntries(entries)
      failures = 0
      return verdicts
    } catch (cause) {
      if (!(cause instanceof EffigyError) || cause.code !== 'verify-worker') throw cause
      failures++
      return null
    }
  }

  return {
    async verifyEntries(entries) {
      if (isOver) throw new EffigyError('pool-closed', 'the verify pool was closed')
      return (await elsewhere(entries)) ?? verify(entries.map(judgedEntryCheck))
    },
    async [Symbol.asyncDispose]() {
      isOver = true
      const pool = await loading?.catch(() => null)
      await pool?.[Symbol.asyncDispose]()
    },
  }
}
