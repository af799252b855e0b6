/**
 * Fetches the blobs that entries of watched feeds need (spec R7).
 *
 *     wantedBlobs ─▶ iwant ─▶ ihave ─▶ missingBlocks ─▶ getblob … blob ─hash▶ putBlocks ─▶ completeBlob
 *
 * Several blocks at once, each checked when it is whole, and some written together. What the store holds
 * is the only memory of a blob's progress; a broken block goes on where it was (blob-transfers.ts).
 *
 * @module
 */
import {
  type Cid,
  cidBytes,
  EffigyError,
  type Identity,
  isRawCid,
  type Sha256,
  shortName,
} from '@effigy/core'
import { type BlobWant, isBlockLength, maxDagBlockBytes, maxRawBlockBytes, type Store } from '@effigy/store'
import type { Log } from '../log.ts'
import type { Blob } from '../messages.ts'
import type { AnswerMessage, Asked } from './asked.ts'
import { type BlobQuestionsPorts, createBlobQuestions } from './blob-questions.ts'
import { type BlobTransfers, isWhole, type PartialBlock } from './blob-transfers.ts'
import { createBlobWindow } from './blob-window.ts'
import { createBlobWrites } from './blob-writes.ts'
import type { Effects } from './effects.ts'
import { boundedRetryMs } from './feed-retries.ts'

export interface BlobClientPorts extends Pick<BlobQuestionsPorts, 'mayName' | 'keyedName'> {
  readonly store: Pick<
    Store,
    'wantedBlobs' | 'missingBlocks' | 'putBlocks' | 'writeBlocks' | 'completeBlob' | 'hasBlock'
  >
  readonly sha256: Sha256
  readonly asked: Asked
  readonly effects: Pick<Effects, 'after' | 'soon' | 'end'>
  readonly transfers: BlobTransfers
  readonly log: Log
  /** Whether the other side pays for each byte, or runs on a battery: it is asked for little (R12). */
  isSparing(): boolean
  readonly remote: Identity
}

export interface BlobClient extends Disposable {
  /** What is wanted may have changed. */
  refresh(): void
  /** The other side gives more, or less, than before. */
  askAnew(): void
  /** Blobs that are wanted here and not complete, as far as looked. */
  readonly wanted: readonly BlobWant[]
  /** Blocks under way. */
  readonly fetching: number
  /** Whether nothing is wanted that the other side is known to have, or has not been asked for. */
  readonly idle: boolean
}

/** Wanted blobs that are looked at together: each session names them to the other side (T16). */
export const maxWants = 512

/** Ms until others of more have their turn (B17), where nothing else happens. */
const turnMs = 60_000

/** Missing blocks of one blob that are listed at a time: the list is a walk through what is here of it. */
const listLength = 1024

/** While anything is wanted, the list of it is read again at most so often, ms. */
const refreshMs = 200

/** A block that another source has been asked for so long ago, ms, is asked for here too, when nothing else is left. */
const patienceMs = 2_500

/** Ms until a full disk is tried again. */
const fullRetryMs = 60_000

interface Fetch {
  readonly root: Cid
  readonly cid: Cid
  id: number
  partial: PartialBlock | null
  /** Where the piece that was asked for ends; null for the end of the block. */
  until: number | null
  /** All of it, checked, and not written yet. */
  whole: Uint8Array | null
}

export function createBlobClient(ports: BlobClientPorts): BlobClient {
  const { store, sha256, asked, effects, transfers, log, mayName, keyedName } = ports
  const self = {}
  let wanted: readonly BlobWant[] = []
  /** Blocks that the other side has not, although it has their root. */
  const lacking = new Set<Cid>()
  /** Blocks still to be asked for, by root; a root without a list was not looked at since something changed. */
  const lists = new Map<Cid, { readonly cids: Cid[]; readonly isAll: boolean }>()
  const fetches = new Map<Cid, Fetch>()
  let isReleasing = false
  let timer: Disposable | null = null
  let doubling: Disposable | null = null
  let turning: Disposable | null = null
  let isStale = false
  let isFull = false
  let disposed = false

  const questions = createBlobQuestions({
    asked,
    effects,
    mayName,
    keyedName,
    onOffer(roots) {
      lacking.clear()
      for (const root of roots) lists.delete(root)
      fill()
    },
    onForgotten() {
      lacking.clear()
      refresh()
    },
    onBusy: (retryMs) => void effects.after(Math.max(boundedRetryMs(retryMs), refreshMs), refresh),
  })

  const window = createBlobWindow(transfers.monotonic)

  const freed = transfers.claims.watch((cid) => {
    if (disposed || isReleasing) return
    const fetch = fetches.get(cid)
    if (fetch !== undefined) dropDouble(fetch)
    // It may be one of ours that another session gave up: the walk finds it.
    else if (questions.hasOffers && hasRoom()) refresh()
  })

  /** Two sources were asked for it, and the other one was faster. */
  function dropDouble(fetch: Fetch): void {
    if (fetch.whole !== null || !store.hasBlock(fetch.cid)) return
    asked.cancel(fetch.id)
    fetches.delete(fetch.cid)
    letGo(fetch)
    refresh()
  }

  function refresh(): void {
    if (timer !== null) {
      isStale = true
      return
    }
    isStale = false
    look()
    // Nothing is found at once, and what comes then should not wait.
    if (wanted.length === 0) return
    timer = effects.after(refreshMs, () => {
      timer = null
      if (isStale) refresh()
    })
  }

  /** Blocks that may be asked for. */
  const room = (): number => window.blocks - (fetches.size - writes.waiting)
  const hasRoom = (): boolean => room() > 0

  function look(): void {
    const isSparing = ports.isSparing()
    const before = wanted.length
    const listed = store.wantedBlobs(maxWants)
    if (listed.length === maxWants)
      turning ??= effects.after(turnMs, () => {
        turning = null
        refresh()
      })
    wanted = listed.filter(
      ({ urgent, identity }) => !isSparing || urgent === true || identity === ports.remote,
    )
    // Nothing was wanted and nothing is: most of a hub's sessions, most of the time.
    if (before + wanted.length === 0) return
    lists.clear()
    questions.ask(wanted)
    fill()
  }

  function fill(patience?: number): void {
    if (disposed || isFull) return
    let isContested = false
    for (const want of wanted) {
      const { root } = want
      if (!questions.isOffered(root)) continue
      while (hasRoom()) {
        const cid = nextBlock(want, patience)
        if (cid === null) break
        if (cid === 'contested') isContested = true
        else start(root, cid)
      }
      if (!hasRoom()) return
    }
    // All that is left is on its way from others, and one of them may be slow or silent.
    if (isContested && doubling === null)
      doubling = effects.after(patienceMs, () => {
        doubling = null
        if (!hasRoom()) return
        lists.clear()
        fill(patienceMs)
      })
  }

  /** Null when there is none left to ask for, `contested` when it was one that others fetch. */
  function nextBlock({ root, missing: part }: BlobWant, patience?: number): Cid | 'contested' | null {
    let list = lists.get(root)
    if (list === undefined) {
      const limit = listLength + fetches.size + lacking.size
      const missing = part?.(limit) ?? store.missingBlocks(root, limit)
      // Its last blocks came for another root.
      if (missing.length === 0) {
        if (part === undefined) complete(root)
        return null
      }
      const cids = missing.filter((cid) => !lacking.has(cid) && !fetches.has(cid))
      // Taken from the end.
      list = { cids: cids.reverse(), isAll: missing.length < limit }
      lists.set(root, list)
    }
    for (;;) {
      const cid = list.cids.pop()
      if (cid === undefined) {
        if (!list.isAll) lists.delete(root)
        return null
      }
      if (fetches.has(cid)) continue
      return transfers.claims.take(cid, self, patience) ? cid : 'contested'
    }
  }

  function start(root: Cid, cid: Cid): void {
    if (fetches.size === writes.waiting) window.begin()
    const found = transfers.partial(cid)
    const partial = found?.user === null ? found : null
    if (partial !== null) partial.user = self
    const fetch: Fetch = { root, cid, id: 0, partial, until: null, whole: null }
    fetches.set(cid, fetch)
    askFor(fetch)
  }

  /** All that is left of it, or the next piece. */
  function askFor(fetch: Fetch): void {
    const maxsize = isRawCid(fetch.cid) ? maxRawBlockBytes : maxDagBlockBytes
    const offset = fetch.partial?.filled ?? 0
    const length = window.pieceBytes
    fetch.until = length === null ? null : offset + length
    fetch.id = asked.open(
      { type: 'getblob', maxsize, offset, length },
      cidBytes(fetch.cid),
      (answer, bytes) => take(fetch, answer, bytes),
    )
  }

  function take(fetch: Fetch, answer: AnswerMessage, bytes: Uint8Array): void {
    if (answer.type === 'blob') {
      if (!takePart(fetch, answer, bytes)) effects.end('bad-blob')
    } else if (answer.type === 'error') {
      // `range`: what another source gave is longer than what this one has: one of them is wrong.
      if (answer.code === 'range') transfers.drop(fetch.cid)
      else lacking.add(fetch.cid)
      release(fetch)
      fill()
    } else {
      effects.end('bad-message')
    }
  }

  /** False when it is not the next part of the block. */
  function takePart(fetch: Fetch, { size, offset, end }: Blob, bytes: Uint8Array): boolean {
    const { cid } = fetch
    if (!isBlockLength(cid, size)) return false
    // Most blocks come in one frame, and then its bytes are the block.
    if (fetch.partial === null && end && offset === 0 && bytes.length === size) {
      transfers.drop(cid)
      return check(fetch, bytes)
    }
    if (fetch.partial === null) fetch.partial = transfers.begin(cid, size, self)
    const { partial } = fetch
    if (offset !== partial.filled || partial.bytes.length !== size) {
      // Our own doing when another source had said another size.
      if (partial.sources.size === 0 || partial.sources.has(self)) return false
      asked.cancel(fetch.id)
      return again(fetch)
    }
    partial.bytes.set(bytes, offset)
    partial.filled += bytes.length
    partial.sources.add(self)
    transfers.claims.renew(cid, self, bytes.length)
    if (!end) return bytes.length > 0
    if (partial.filled < size && partial.filled === fetch.until) {
      askFor(fetch)
      return true
    }
    if (partial.filled !== size) return false
    transfers.drop(cid)
    // With a part from somebody else nobody can tell whose fault it was: once more from the start.
    return check(fetch, partial.bytes) || (partial.sources.size > 1 && again(fetch))
  }

  /** Keeps it when it is what it was asked for as. */
  function check(fetch: Fetch, bytes: Uint8Array): boolean {
    const isRight = isWhole(fetch.cid, bytes, sha256)
    if (isRight) keep(fetch, bytes)
    else log.warn('blob.wrong', { blob: shortName(fetch.cid) })
    return isRight
  }

  function again(fetch: Fetch): true {
    transfers.drop(fetch.cid)
    fetches.delete(fetch.cid)
    start(fetch.root, fetch.cid)
    return true
  }

  function keep(fetch: Fetch, bytes: Uint8Array): void {
    fetch.whole = bytes
    window.arrived(bytes.length)
    // The source never runs dry, and not each block makes us look for the next one.
    if (room() > window.blocks / 4) fill()
    // A node names blocks that nobody knew of; and where nothing more comes, nothing is waited for.
    const isKey = !isRawCid(fetch.cid) && (lists.get(fetch.root)?.cids.length ?? 0) === 0
    writes.add(fetch, isKey || writes.waiting + 1 === fetches.size)
  }

  const writes = createBlobWrites<Fetch>({ store, effects, transfers, before: fill, onWritten: written })

  function written(blocks: readonly Fetch[], isRoom: boolean): void {
    if (!isRoom) rest()
    const roots = new Set<Cid>()
    for (const fetch of blocks) {
      release(fetch)
      roots.add(fetch.root)
      if (!isRawCid(fetch.cid)) lists.delete(fetch.root)
    }
    for (const root of roots) {
      if (isFull || !isDone(root) || isPart(root)) continue
      if (store.missingBlocks(root, 1).length === 0) complete(root)
      else refresh()
    }
    fill()
  }

  const isPart = (root: Cid): boolean =>
    wanted.some((want) => want.root === root && want.missing !== undefined)

  function isDone(root: Cid): boolean {
    for (const fetch of fetches.values()) if (fetch.root === root) return false
    return (lists.get(root)?.cids.length ?? 0) === 0
  }

  function complete(root: Cid): void {
    const state = store.completeBlob(root)
    log.info('blob.complete', { blob: shortName(root), state: state.type })
    wanted = wanted.filter((want) => want.root !== root)
    questions.forget(root)
    lists.delete(root)
  }

  /** No room: what others can keep is for later. */
  function rest(): void {
    log.warn('blob.no-room', { fetching: fetches.size })
    isFull = true
    if (disposed) return
    effects.after(fullRetryMs, () => {
      isFull = false
      refresh()
    })
  }

  /** Another session may go on with what came of it. */
  function letGo({ partial }: Fetch): void {
    if (partial?.user === self) partial.user = null
  }

  function release(fetch: Fetch): void {
    fetches.delete(fetch.cid)
    letGo(fetch)
    isReleasing = true
    transfers.claims.release(fetch.cid, self)
    isReleasing = false
  }

  return {
    refresh,
    askAnew: questions.askAnew,
    get wanted() {
      return wanted
    },
    get fetching() {
      return fetches.size
    },
    get idle() {
      return fetches.size === 0 && !isStale && questions.areAnswered
    },
    [Symbol.dispose]() {
      disposed = true
      timer?.[Symbol.dispose]()
      doubling?.[Symbol.dispose]()
      turning?.[Symbol.dispose]()
      freed[Symbol.dispose]()
      try {
        writes.close()
      } catch (error) {
        // Whatever ended the session may be a store that fails. They are fetched again.
        if (!(error instanceof EffigyError)) throw error
        log.warn('blob.unwritten', { code: error.code })
      } finally {
        for (const fetch of fetches.values()) letGo(fetch)
        for (const cid of fetches.keys()) transfers.claims.release(cid, self)
        fetches.clear()
      }
    },
  }
}
