/**
 * Opens a home whose process was killed, as its owner would, and looks at everything.
 *
 *     home ─open▶ peer ─┬─ chain, head record, signatures, contents, files: as the ledger says
 *                       ├─ a friend who followed all along: no fork, the same head
 *                       └─ the next publish continues the chain
 *
 * @module
 */
import { hash } from 'node:crypto'
import {
  type ChainPoint,
  type Cid,
  chainPoint,
  compareHeads,
  contentId,
  entryCheck,
  headCheck,
  judgeHead,
  judgeLink,
  type Payload,
  parseUtf8,
  type RawCid,
  type SignatureCheck,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { memoryPair } from '@effigy/links'
import { createPeer, type Peer } from '@effigy/peer'
import { isHome, openNodePeer } from '@effigy/peer/node'
import { openNodeStore } from '@effigy/store/node'
import { silentLog, systemClock } from '@effigy/sync'
import type { FileFacts } from './events.ts'
import type { Kept, Ledger } from './ledger.ts'

const crypto = createNodeCrypto()

/** Somebody else's device, that lives through all the kills. */
export interface Friend extends AsyncDisposable {
  /** Catches up with the home over a session. */
  visit(home: Peer): Promise<void>
  readonly peer: Peer
}

export async function createFriend(): Promise<Friend> {
  await using owned = new AsyncDisposableStack()
  const store = owned.use(openNodeStore(':memory:', { sha256: crypto.sha256, now: systemClock.now }))
  let home: Peer | null = null
  const peer = owned.use(
    await createPeer({
      store,
      crypto,
      signer: await crypto.signer(crypto.randomBytes(32)),
      boxKey: await crypto.agreementKey(crypto.randomBytes(32)),
      clock: systemClock,
      random: crypto.randomBytes,
      log: silentLog,
      async dial() {
        const [left, right] = memoryPair()
        void home?.accept(right)
        return left
      },
    }),
  )
  const all = owned.move()
  return {
    peer,
    async visit(visited) {
      home = visited
      if (store.feed(visited.identity)?.watched !== true) peer.watch(visited.identity)
      const signal = AbortSignal.timeout(20_000)
      await using connection = peer.connect('ws://home.test', { expect: visited.identity })
      await connection.ready(signal)
      await peer.settled(signal)
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

export interface Inspection {
  /** Acknowledged contents that are not there, or not as they were acknowledged. */
  readonly lost: number
  readonly forks: number
  readonly falseAlarms: number
  readonly failures: readonly string[]
}

/** Signatures that were found good in an earlier life are not checked again. */
export type Checked = Set<RawCid>

export async function inspectHome(
  home: string,
  ledger: Ledger,
  friend: Friend,
  checked: Checked,
): Promise<Inspection> {
  const failures: string[] = []
  const warned: string[] = []
  // Killed before it had a key: there is nothing yet, and nothing may have been told.
  if (!isHome(home)) {
    const told = ledger.acknowledged > 0 ? ['the home is gone'] : []
    return { lost: 0, forks: 0, falseAlarms: 0, failures: told }
  }
  let peer: Peer
  try {
    peer = await openNodePeer({
      home,
      clock: systemClock,
      log: { info() {}, warn: (event) => void warned.push(event) },
      verifyThreads: 0,
    })
  } catch (cause) {
    return { lost: 0, forks: 0, falseAlarms: 0, failures: [`the home does not open: ${cause}`] }
  }
  try {
    failures.push(...warned.map((event) => `opening warned of ${event}`))
    failures.push(...(await chainFaults(peer, ledger, checked)))
    const lost = await lostContents(peer, ledger)
    failures.push(...lost)
    // The friend has heard of every head that was announced before.
    for (const record of ledger.announced()) friend.peer.store.acceptHead(record)
    await friend.visit(peer)
    const forks = forksOf(peer, friend.peer)
    failures.push(...forks)
    // The friend learns of it at the next visit.
    failures.push(...(await continuationFaults(peer)))
    return { lost: lost.length, forks: forks.length, falseAlarms: warned.length, failures }
  } finally {
    await peer[Symbol.asyncDispose]()
  }
}

async function chainFaults(peer: Peer, ledger: Ledger, checked: Checked): Promise<readonly string[]> {
  const { store, identity } = peer
  const faults: string[] = []
  const state = store.feed(identity)
  const record = state?.record ?? null
  const told = ledger.newest
  if (record === null) return told === null ? [] : ['the head is gone']
  if (told !== null && compareHeads(record.head, told.head) < 0) {
    faults.push(`the head ${record.head.length} is behind the announced ${told.head.length}`)
  }
  const checks: SignatureCheck[] = [headCheck(record)]
  const fresh: RawCid[] = []
  let below: ChainPoint | null = null
  let top = null
  let bytes = 0
  for (const { signed } of store.chain(identity)) {
    const fault = judgeLink(identity, below, signed)
    if (fault !== null) faults.push(`the chain breaks at ${signed.entry.length}: ${fault.code}`)
    if (!checked.has(signed.cid)) {
      checks.push(entryCheck(signed))
      fresh.push(signed.cid)
    }
    below = chainPoint(signed)
    bytes += signed.bytes.length
    top = signed
  }
  const headFault = top === null ? { code: 'empty' } : judgeHead(record.head, top)
  if (headFault !== null) faults.push(`the head record does not name the newest entry: ${headFault.code}`)
  if (bytes !== record.head.bytes) faults.push(`the head claims ${record.head.bytes} bytes of ${bytes}`)
  const verdicts = await crypto.verify(checks)
  if (verdicts.includes(false)) faults.push('a signature on the own chain is wrong')
  else for (const cid of fresh) checked.add(cid)
  if (state?.disputedAbove !== null || store.forkEvidence(identity).length > 0)
    faults.push('the home is forked')
  return faults
}

async function lostContents(peer: Peer, ledger: Ledger): Promise<readonly string[]> {
  const lost: string[] = []
  const onChain = new Set<RawCid>()
  for (const { content } of peer.store.chain(peer.identity)) onChain.add(content)
  for (const [content, kept] of ledger.contents) {
    const fault = await contentFault(peer, content, kept, onChain.has(content))
    if (fault !== null) lost.push(`${content} ${fault}`)
    if (kept.fate === 'uncertain') {
      const state = peer.query.resolve(peer.identity, content)?.state.type
      const isErased = state === 'erased'
      ledger.settle(content, !onChain.has(content) ? 'gone' : isErased ? 'erased' : 'present')
    }
  }
  return lost
}

async function contentFault(
  { store, identity, query, readFile }: Peer,
  content: RawCid,
  { fate, file }: Kept,
  isOnChain: boolean,
): Promise<string | null> {
  const item = query.resolve(identity, content)
  switch (fate) {
    case 'gone':
      return isOnChain ? 'was deleted or edited, and is back' : null
    case 'erased':
      return item === null || item.state.type === 'erased' ? null : 'was erased, and is shown'
    case 'uncertain':
      return null
    case 'present':
      break
  }
  if (!isOnChain || item === null) return 'was acknowledged, and is lost'
  if (item.state.type !== 'shown') return `was acknowledged, and is ${item.state.type}`
  const stored = store.entry(item.cid)
  const block = stored?.body ?? store.block(content)
  const inline = stored?.signed.entry.payload ?? ''
  const text = inline.startsWith('{') ? inline : block === null ? null : parseUtf8(block)
  if (text === null || contentId(text, crypto.sha256) !== content) return 'has other bytes'
  return file === null ? null : fileFault(readFile, store.blobState(file.root).type, file)
}

async function fileFault(
  readFile: Peer['readFile'],
  state: string,
  { root, size, hash: expected }: FileFacts,
): Promise<string | null> {
  if (state !== 'complete') return `has a file that is ${state}`
  const parts: Uint8Array[] = []
  for await (const part of readFile(root as Cid, { signal: new AbortController().signal })) parts.push(part)
  const bytes = Buffer.concat(parts)
  return bytes.length === size && hash('sha256', bytes) === expected ? null : 'has a file of other bytes'
}

function forksOf(home: Peer, friend: Peer): readonly string[] {
  const { identity } = home
  const ours = home.store.feed(identity)
  const theirs = friend.store.feed(identity)
  if (theirs?.disputedAbove != null || friend.store.forkEvidence(identity).length > 0)
    return ['a friend sees a fork']
  if (ours?.record?.head.head !== theirs?.record?.head.head) return ['a friend has another head']
  if (ours?.record != null && theirs?.heldCount !== ours.record.head.length) {
    return [`a friend holds ${theirs?.heldCount} of ${ours.record.head.length} entries`]
  }
  return theirs?.broken == null ? [] : [`a friend finds the feed broken: ${theirs.broken.code}`]
}

async function continuationFaults(peer: Peer): Promise<readonly string[]> {
  const before = peer.store.feed(peer.identity)?.record?.head ?? null
  try {
    const note = { type: 'public_note', at: systemClock.now(), text: 'still here' } as Payload
    const { record, cid } = await peer.publish(note)
    const entry = peer.store.entry(cid)?.signed.entry
    const continues =
      record.head.length === (before?.length ?? 0) + 1 && entry?.parent === (before?.head ?? null)
    return continues ? [] : ['the next entry does not continue the chain']
  } catch (cause) {
    return [`nothing can be published any more: ${cause}`]
  }
}
