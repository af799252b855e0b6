import {
  accountNames,
  createAccount,
  createPhrase,
  deriveSynodKey,
  encodeBase64url,
  type HeadRecord,
  type Identity,
  identityOfKey,
  judgeAuthority,
  moveAccount,
  type Payload,
  phraseSeed,
  type RawCid,
  type SignatureCheck,
  type SignedEntry,
  type Synod,
  signEntry,
  signHead,
  signMember,
  writePayload,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createFakeClock, createRandom } from '@effigy/testkit'
import { expect, test } from 'vitest'
import type { Message } from '../messages.ts'
import { createAsked } from './asked.ts'
import { createSuccessorClient, type SuccessorClientPorts } from './successor-client.ts'
import { createSuccessorSource, type SuccessorSourcePorts } from './successor-source.ts'

const crypto = createNodeCrypto()
const { sha256 } = crypto

interface Moved {
  readonly root: string
  readonly from: Identity
  readonly record: HeadRecord
  readonly signed: SignedEntry
}

async function entryOf(state: Synod, secret: Uint8Array) {
  const signer = await crypto.signer(secret)
  const text = writePayload(state as Payload)
  if (!text.ok) throw new Error(text.error.code)
  const identity = identityOfKey(signer.publicKey)
  const place = { identity, parent: null, length: 1, comparable: 1 }
  const signed = await signEntry({ ...place, synod: null, links: [], payload: text.value }, signer, sha256)
  const head = { identity, epoch: 1, length: 1, comparable: 1, bytes: signed.bytes.length, head: signed.cid }
  return { signed, record: await signHead(head, signer) }
}

/** An account that was made and moved once. */
async function movedAccount(name: string): Promise<Moved> {
  const chance = createRandom(name)
  const phrase = createPhrase((length) => chance.bytes(length))
  const seed = await phraseSeed(phrase)
  const { root, identity: from } = accountNames(seed, 0, sha256)
  const device = await crypto.signer(chance.bytes(32))
  const offer = {
    identity: identityOfKey(device.publicKey),
    box: encodeBase64url(chance.bytes(32)),
    label: 'x',
    serial: 1,
  }
  const main = await signMember(root, offer, device)
  const state = createAccount({ seed, main, at: 1 }, sha256)
  if (!state.ok) throw new Error(state.error.code)
  const first = await entryOf(state.value, deriveSynodKey(seed, 0).secret)
  const { cid } = first.signed
  const proven = { identity: from, epoch: 1, length: 1, cid, parent: null, state: state.value }
  const verdict = judgeAuthority(root, [proven], sha256)
  if (verdict === null) throw new Error('no verdict')
  const moved = await moveAccount(verdict, { phrase, final: [1, 1, cid], members: [main], at: 2 }, sha256)
  if (!moved.ok) throw new Error(moved.error.code)
  return { root, from, ...(await entryOf(moved.value.state, moved.value.synodKey.secret)) }
}

/** A client whose other side holds these entries. */
function client(accountOf: (identity: Identity) => string | null, watched: readonly Identity[]) {
  const clock = createFakeClock()
  const kept: RawCid[] = []
  const asks: Message[] = []
  const ended: string[] = []
  let due: (() => Promise<void>)[] = []
  const asked = createAsked({ send: (message) => void asks.push(message) })
  const store = {
    feed: (identity: Identity) => ({ watched: watched.includes(identity) }),
    entry: () => null,
    keepLoose: ({ entry }: { readonly entry: SignedEntry }) => void kept.push(entry.cid),
    acceptHead: () => 'new',
    synods: { accountOf },
  }
  const ports = {
    store,
    sha256,
    clock,
    asked,
    log: { info() {}, warn() {} },
    effects: {
      verify(checks: readonly SignatureCheck[], done: (verdicts: readonly boolean[]) => void) {
        due.push(async () => done(await crypto.verify(checks)))
      },
      end: (code: string) => void ended.push(code),
    },
  }
  const successors = createSuccessorClient(ports as unknown as SuccessorClientPorts)
  async function settle(): Promise<void> {
    while (due.length > 0) for (const work of due.splice(0)) await work()
    due = []
  }
  async function give(bytes: Uint8Array): Promise<void> {
    const last = asks.findLast(({ type }) => type === 'getentry')
    if (last === undefined || !('id' in last)) throw new Error('nothing was asked for')
    asked.take({ type: 'entries', re: last.id as number, end: true, sizes: [bytes.length] }, bytes)
    await settle()
  }
  return { clock, kept, asks, ended, successors, settle, give }
}

const requests = (asks: readonly Message[]): number => asks.filter(({ type }) => type === 'getentry').length

test('[Y19] a state of a watched account is kept, whatever head told of it was unasked', async () => {
  const moved = await movedAccount('alice')
  const { successors, settle, give, kept } = client(() => moved.root, [moved.from])
  successors.take([moved.record])
  await settle()
  await give(moved.signed.bytes)
  expect(kept).toEqual([moved.signed.cid])
  expect(successors.busy).toBe(0)
})

test('[Y19] [T27] of a stranger, of another account, or not yet known whose: nothing, or once it is known', async () => {
  const moved = await movedAccount('alice')
  const stranger = client(() => null, [])
  const other = client(() => 'another', [moved.from])
  let root: string | null = null
  const later = client(() => root, [moved.from])
  for (const { successors, settle, give } of [stranger, other, later]) {
    successors.take([moved.record])
    await settle()
    await give(moved.signed.bytes)
  }
  expect([stranger, other, later].map(({ kept }) => kept.length)).toEqual([0, 0, 0])
  root = moved.root
  later.successors.changed()
  await later.settle()
  expect(later.kept).toEqual([moved.signed.cid])
})

test('[Y19] [T1] forged heads end the session, altered entries are nothing', async () => {
  const moved = await movedAccount('alice')
  const forged = client(() => moved.root, [moved.from])
  const { record } = moved
  forged.successors.take([{ ...record, signature: record.signature.map((byte) => byte ^ 1) }])
  await forged.settle()
  expect([forged.ended, requests(forged.asks)]).toEqual([['bad-head'], 0])

  const { bytes } = moved.signed
  for (const altered of [
    bytes.subarray(1),
    bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
    new Uint8Array(0),
  ]) {
    const one = client(() => moved.root, [moved.from])
    one.successors.take([record])
    await one.settle()
    await one.give(altered)
    expect(one.kept).toEqual([])
  }
})

test('[Y19] [T18] a flood of heads costs its budget, and no more than time gives back', async () => {
  const moved = await movedAccount('alice')
  const { successors, settle, asks, clock } = client(() => null, [])
  successors.take(Array.from({ length: 1_000 }, () => moved.record))
  await settle()
  expect(requests(asks)).toBe(64)
  successors.take(Array.from({ length: 1_000 }, () => moved.record))
  await settle()
  expect(requests(asks)).toBe(64)
  await clock.advance(30_000)
  successors.take(Array.from({ length: 1_000 }, () => moved.record))
  await settle()
  expect(requests(asks)).toBe(67)
})

test('[Y19] the source tells the key in power once, as soon as its head is here, to whom both feeds are shared', async () => {
  const moved = await movedAccount('alice')
  const to = moved.record.head.identity
  const [from, middle] = ['a', 'b'] as unknown as readonly [Identity, Identity]
  const standings = new Map([
    [from, { type: 'moved', to: middle, final: null }],
    [middle, { type: 'moved', to, final: null }],
  ])
  let heads: readonly HeadRecord[] = []
  const heard: Identity[] = []
  const shared = new Set([from, middle, to])
  const ports = {
    store: {
      synods: {
        moved: () => new Set([from, middle]),
        standing: (identity: Identity) => standings.get(identity) ?? { type: 'in-power' },
      },
      headRecords: () => heads,
    },
    sharing: { feed: (identity: Identity) => shared.has(identity) },
    effects: { wake() {} },
    watches: () => true,
    hear: (identity: Identity) => void heard.push(identity),
  }
  const source = createSuccessorSource(ports as unknown as SuccessorSourcePorts)
  shared.delete(to)
  source.asked([from])
  expect([source.pull(), heard]).toEqual([null, []])
  shared.add(to)
  source.asked([from])
  expect([source.pull(), heard]).toEqual([null, [to]])
  heads = [moved.record]
  source.changed([to])
  expect(source.pull()?.message).toEqual({ type: 'heads', count: 1, online: 0 })
  source.asked([from, middle])
  source.adopted(new Uint8Array(0))
  expect(source.pull()).toBeNull()
})
