/**
 * The home of a peer in a browser, as one thing with a state (spec O10): crypto, vault and store, and the peer once its keys
 * are there.
 *
 *     openHome ─▶ starting ─▶ new │ locked │ open ─▶ …        whatever fails: failed, with its code
 *
 * @module
 */
import { EffigyError, ok, type SynodMember } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import {
  createBrowserCrypto,
  createEntryVerifier,
  type EntryVerifier,
  openVaultDatabase,
  type VaultDatabase,
  wipeVaultDatabase,
} from '@effigy/crypto/browser'
import type { Progress } from '@effigy/store'
import {
  type BrowserStore,
  deleteBrowserStore,
  type ExportOptions,
  importBrowserStore,
  openBrowserStore,
} from '@effigy/store/browser'
import type { Clock, Log } from '@effigy/sync'
import { fileBytes } from '../file-bytes.ts'
import { continuityOf, noteRestored } from '../instance.ts'
import type { Peer } from '../peer.ts'
import type { BrowserDevice } from '../remote/device.ts'
import type { PeerState, StorageFacts } from '../remote/page-peer.ts'
import { createPeerRoot, type PeerRoot } from '../remote/peer-root.ts'
import { type BrowserPeerOptions, disownStore, openBrowserPeer } from './open-peer.ts'
import { joinNext, settleRenewal, succession } from './renewing.ts'

export interface HomeOptions {
  /** Of everything that is kept in this browser. */
  readonly name: string
  readonly clock: Clock
  readonly log: Log
  readonly peer: BrowserPeerOptions
  /** How far it is, whenever that changes. */
  readonly told: (state: PeerState) => void
}

export interface Home extends AsyncDisposable {
  readonly state: PeerState
  /** What pages reach of the peer; null unless it is open. */
  readonly root: PeerRoot | null
  readonly device: BrowserDevice
}

/** Ms between two looks at whether the files are still there. */
const lookMs = 60_000

/** Begins to open it, and returns at once; waits for as long as another worker has the store. */
export function openHome({ name, clock, log, peer: options, told }: HomeOptions): Home {
  const stop = new AbortController()
  let state: PeerState = { type: 'starting', progress: null }
  let crypto: Crypto | null = null
  let verifier: EntryVerifier | null = null
  let vault: VaultDatabase | null = null
  let storage: BrowserStore | null = null
  let peer: Peer | null = null
  let root: PeerRoot | null = null
  let wrong = 0
  let looking: Disposable | null = null
  /** What an empty store knew of its device, for the one that is made in its place. */
  let emptied: ReturnType<typeof continuityOf> | null = null
  // What changes keys, store or peer, one after the other.
  let turn: Promise<unknown> = Promise.resolve()

  function tell(next: PeerState): void {
    state = next
    if (!stop.signal.aborted) told(next)
  }

  /** Tells how far it is, each hundredth once. */
  function starting(): (progress: Progress) => void {
    let told = -1
    return (progress) => {
      const share = Math.floor((100 * progress.done) / Math.max(1, progress.total))
      if (share === told) return
      told = share
      tell({ type: 'starting', progress })
    }
  }

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  function fail(reason: unknown): void {
    if (stop.signal.aborted) return
    const known = reason instanceof EffigyError
    const code = known ? reason.code : 'internal'
    const message = known ? reason.message : 'The data of this app could not be opened.'
    log.warn('home.failed', { code, error: reason instanceof Error ? reason.name : typeof reason })
    tell({ type: 'failed', code, message })
  }

  async function open(): Promise<void> {
    crypto ??= await createBrowserCrypto()
    verifier ??= createEntryVerifier({ verify: crypto.verify })
    // The store first: its lock keeps a second worker from the vault.
    storage ??= await openBrowserStore({
      name,
      sha256: crypto.sha256,
      now: clock.now,
      whenTaken: 'wait',
      signal: stop.signal,
      onMigration: starting(),
    })
    if (emptied !== null) storage.store.saveSettings(emptied)
    emptied = null
    const succeeds = succession(storage.store)
    vault ??= await openVaultDatabase({ name, crypto, succeeds })
    await settleRenewal(vault, succeeds)
    await openPeer(crypto, verifier, vault, storage)
  }

  async function openPeer(
    crypto: Crypto,
    { verifyEntries }: EntryVerifier,
    vault: VaultDatabase,
    storage: BrowserStore,
  ): Promise<void> {
    if (vault.state === 'empty') {
      tell({ type: 'new', storage: factsOf(storage, false) })
      return
    }
    if (vault.state === 'locked') {
      tell({ type: 'locked', wrong })
      return
    }
    const { store } = storage
    const given = { vault, store, crypto, verifyEntries, clock, log }
    const opened = await openBrowserPeer({ ...given, onProgress: starting(), signal: stop.signal }, options)
    peer = opened.peer
    root = createPeerRoot(peer)
    const { continuity } = opened
    // Keys that were used before, over a store that knows nothing of it.
    const isGone = storage.history === 'gone' || (storage.history === 'new' && continuity === 'restored')
    tell({ type: 'open', identity: peer.identity, storage: factsOf(storage, isGone), continuity })
    look()
  }

  /** Now and then: the browser throws everything away at once, or a person does, and nobody is told. */
  function look(): void {
    looking?.[Symbol.dispose]()
    if (stop.signal.aborted) return
    looking = clock.after(lookMs, () => void lookNow().catch(noteUnseen).finally(look))
  }

  /** The peer is as open as before: it is looked again. */
  function noteUnseen(reason: unknown): void {
    log.warn('home.unseen', { code: reason instanceof EffigyError ? reason.code : 'internal' })
  }

  async function lookNow(): Promise<void> {
    if (state.type !== 'open' || state.storage.isGone || storage === null) return
    const isThere = await storage.isThere()
    if (!isThere && state.type === 'open') tell({ ...state, storage: { ...state.storage, isGone: true } })
  }

  async function closePeer(): Promise<void> {
    const closing = peer
    peer = null
    root = null
    await closing?.[Symbol.asyncDispose]()
  }

  function parts(): { crypto: Crypto; vault: VaultDatabase; storage: BrowserStore } {
    if (crypto === null || vault === null || storage === null) {
      throw new EffigyError('not-open', 'The data of this app is not open.')
    }
    return { crypto, vault, storage }
  }

  async function again(): Promise<void> {
    try {
      tell({ type: 'starting', progress: null })
      // Two peers of one device would write the same place of its feed.
      await closePeer()
      await open()
    } catch (reason) {
      fail(reason)
    }
  }

  /** Throws where nothing is kept in files, or what is kept is locked. */
  function copied(): ReturnType<typeof parts> {
    const now = parts()
    if (now.storage.persistence === 'memory') {
      throw memoryOnly()
    }
    if (now.vault.state === 'locked') throw new EffigyError('locked', 'The data of this app is locked.')
    return now
  }

  async function* exportAll({ signal, ...options }: ExportOptions): AsyncGenerator<Uint8Array, void, void> {
    const { exportAll: give } = copied().storage
    if (give !== null) yield* give({ ...options, signal: AbortSignal.any([signal, stop.signal]) })
  }

  const importAll: BrowserDevice['importAll'] = (file, { signal, onProgress }) =>
    inTurn(async () => {
      const { crypto, vault, storage: before } = copied()
      const hasKey = vault.state !== 'empty'
      const kept = continuityOf(before.store)
      const tellAll = starting()
      let report: Awaited<ReturnType<BrowserDevice['importAll']>> | null = null
      try {
        tell({ type: 'starting', progress: null })
        await closePeer()
        before[Symbol.dispose]()
        storage = null
        report = await importBrowserStore(fileBytes(file), {
          ...{ name, sha256: crypto.sha256, verify: crypto.verify, now: clock.now },
          whenTaken: 'wait',
          signal: AbortSignal.any([signal, stop.signal]),
          bytes: file.size,
          onProgress(progress) {
            tellAll(progress)
            onProgress?.(progress)
          },
          finish: (store) => noteRestored(store, hasKey),
        })
        return report
      } finally {
        if (report?.ok !== true && hasKey) emptied = kept
        await again()
      }
    })

  const device: BrowserDevice = {
    create: (lock) =>
      inTurn(async () => {
        const { vault, storage } = parts()
        // Before there are keys: who is killed in between makes them again.
        if (vault.state === 'empty') disownStore(storage.store)
        const isNew = await vault.create(lock)
        if (peer === null) await again()
        return isNew
      }),
    unlock: (secret) =>
      inTurn(async () => {
        const { vault } = parts()
        if (peer !== null) return ok(null)
        const unlocked = await vault.unlock(secret)
        if (unlocked.ok) {
          wrong = 0
          await again()
        } else tell({ type: 'locked', wrong: ++wrong })
        return unlocked
      }),
    lock: () =>
      inTurn(async () => {
        const { vault } = parts()
        vault.lock()
        if (vault.state !== 'locked') return
        // At once: what was shown goes from all pages, however long the peer takes to close.
        tell({ type: 'locked', wrong })
        await closePeer()
      }),
    renew: (lock) =>
      inTurn(async () => {
        const { vault, storage } = parts()
        if (peer === null) throw new EffigyError('not-open', 'The data of this app is not open.')
        if (storage.persistence === 'memory') throw memoryOnly()
        let next: SynodMember | null = null
        let isDone = false
        // Before the account says so: no page is told first that its device was taken out.
        if (state.type === 'open') tell({ ...state, isRenewing: true })
        try {
          await peer.account.renew(async (as) => {
            next = await joinNext(vault, lock, as)
            return next
          })
          isDone = true
        } finally {
          // What waited there from before is none of it.
          const standing = next === null ? undefined : storage.store.synods?.standing(next[0])
          if (isDone || (standing !== undefined && standing.type !== 'foreign')) await again()
          else {
            if (state.type === 'open') {
              const { isRenewing: _, ...before } = state
              tell(before)
            }
            if (next !== null) await vault.dropNext()
          }
        }
      }),
    locks: async () => parts().vault.locks,
    protection: async () => parts().vault.protection,
    putLock: (lock, by) => inTurn(() => parts().vault.putLock(lock, by)),
    removeLock: (lock, by) => inTurn(() => parts().vault.removeLock(lock, by)),
    boxKey: async () => parts().vault.boxKey.publicKey,
    room: () => parts().storage.room(),
    exportAll,
    importAll,
    retry: () =>
      inTurn(async () => {
        if (state.type === 'failed') await again()
      }),
    wipe: () =>
      inTurn(async () => {
        tell({ type: 'starting', progress: null })
        try {
          await closePeer()
          await wipe()
        } catch (reason) {
          fail(reason)
          throw reason
        }
        await again()
      }),
  }

  /** What cannot be opened any more, too. */
  async function wipe(): Promise<void> {
    const isKept = storage?.persistence !== 'memory'
    storage?.[Symbol.dispose]()
    storage = null
    // The store first: who is killed in between still has a device to wipe, and leaves nobody's notes to the next one.
    if (isKept) await deleteBrowserStore({ name, whenTaken: 'wait', signal: stop.signal })
    await (vault === null ? wipeVaultDatabase({ name }) : vault.wipe())
  }

  void inTurn(again)

  return {
    get state() {
      return state
    },
    get root() {
      return root
    },
    device,
    async [Symbol.asyncDispose]() {
      stop.abort(new EffigyError('closed', 'The data of this app is closed.'))
      await turn
      looking?.[Symbol.dispose]()
      await closePeer()
      await verifier?.[Symbol.asyncDispose]()
      storage?.[Symbol.dispose]()
      vault?.[Symbol.dispose]()
      storage = null
      vault = null
      state = { type: 'closed' }
    },
  }
}

const memoryOnly = (): EffigyError =>
  new EffigyError('memory-only', 'This browser keeps nothing of this app in files.')

function factsOf({ persistence, reason }: BrowserStore, isGone: boolean): StorageFacts {
  return { persistence, reason, isGone }
}
