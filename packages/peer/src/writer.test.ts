import { EffigyError, identityOfKey, type RawCid, signEntry, signHead } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { openNodeStore } from '@effigy/store/node'
import { createFakeClock } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { createWriter, type Draft } from './writer.ts'

const crypto = createNodeCrypto()
const most = Number.MAX_SAFE_INTEGER

async function openWriter(owned: DisposableStack) {
  const clock = createFakeClock()
  const store = owned.use(openNodeStore(':memory:', { sha256: crypto.sha256, now: clock.now }))
  const signer = await crypto.signer(crypto.randomBytes(32))
  const identity = identityOfKey(signer.publicKey)
  const deps = { store, crypto, signer, identity, clock, voidPayload: () => '{"type":"void","at":1}' }
  return { ...deps, writer: createWriter(deps) }
}

const draft = (text: string, above = 0): Draft => ({
  payload: JSON.stringify({ type: 'public_note', at: 1, text }),
  links: [],
  body: null,
  above,
})

test('[S9] what waits together is one transaction, in order, and one that fails rejects all of it', async () => {
  using owned = new DisposableStack()
  const { store, identity, signer, writer } = await openWriter(owned)
  let commits = 0
  using _ = store.watch(() => void commits++)
  const texts = Array.from({ length: 50 }, (_, at) => `note ${at}`)
  const written = await Promise.all(texts.map((text) => writer.append(draft(text))))
  expect(commits).toBe(1)
  expect(written.map(({ entry }) => entry.entry.length)).toEqual(texts.map((_, at) => at + 1))
  expect(store.feed(identity)?.record).toEqual(written[49]?.record)
  // A higher head that this store has not: nothing is written over it.
  const top = written[49]?.record.head
  if (top === undefined) throw new Error('written above')
  const ahead = await signHead({ ...top, length: 60, head: written[0]?.entry.cid ?? top.head }, signer)
  store.acceptHead(ahead)
  store.forget(identity)
  const refused = await Promise.allSettled([writer.append(draft('a')), writer.append(draft('b'))])
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('[E4] [T26] one draft without a comparable left is refused alone; what waits beside it is written', async () => {
  using owned = new DisposableStack()
  const { writer } = await openWriter(owned)
  const written = await Promise.allSettled([
    writer.append(draft('one')),
    writer.append(draft('two', most)),
    writer.append(draft('x'.repeat(16_000))),
    writer.append(draft('three', most - 1)),
    writer.append(draft('four')),
  ])
  const codes = written.map((each) => (each.status === 'fulfilled' ? 'written' : each.reason.code))
  expect(codes).toEqual(['written', 'no-comparable-left', 'entry-too-large', 'written', 'no-comparable-left'])
})

test('[E4] [T26] above the last comparable nothing is written, and the feed stays whole', async () => {
  using owned = new DisposableStack()
  const { store, signer, identity, writer } = await openWriter(owned)
  const fields = { identity, parent: null, length: 1, comparable: most, synod: null, links: [] }
  const last = await signEntry({ ...fields, payload: draft('last').payload }, signer, crypto.sha256)
  const head = { identity, epoch: 1, length: 1, comparable: most, bytes: last.bytes.length, head: last.cid }
  const record = await signHead(head, signer)
  store.appendOwn([{ entry: last, body: null }], record)
  await expect(writer.append(draft('more'))).rejects.toMatchObject({ code: 'no-comparable-left' })
  expect(store.feed(identity)?.record).toEqual(record)
})

test('[S9] [T14] what comes while drafts wait is noticed before they are signed', async () => {
  using owned = new DisposableStack()
  const { writer: _, ...deps } = await openWriter(owned)
  const { store, identity, signer } = deps
  let isRevoked = false
  let signatures = 0
  const writer = createWriter({
    ...deps,
    signer: {
      publicKey: signer.publicKey,
      signBytes(message) {
        signatures++
        return signer.signBytes(message)
      },
    },
    assertMaySign() {
      if (isRevoked) throw new EffigyError('revoked', 'taken out of the account')
    },
  })
  const first = writer.append(draft('first'))
  await first
  const held = store.feed(identity)?.record
  const waiting = [writer.append(draft('a')), writer.append(draft('b'))]
  const rewriting = writer.rebase(() => new Map([[held?.head.head as RawCid, { type: 'delete' }]]), new Map())
  isRevoked = true
  const before = signatures
  const codes = await Promise.allSettled([...waiting, rewriting, writer.append(draft('c'))])
  expect(codes.map((each) => each.status === 'rejected' && each.reason.code)).toEqual([
    'revoked',
    'revoked',
    'revoked',
    'revoked',
  ])
  expect(signatures).toBe(before)
  expect(store.feed(identity)?.record).toEqual(held)
})

test('[Y26] what waits is written, and nothing is begun behind it, by whatever way', async () => {
  using owned = new DisposableStack()
  const { writer: _, ...deps } = await openWriter(owned)
  let isStopped = false
  const writer = createWriter({
    ...deps,
    assertMayBegin() {
      if (isStopped) throw new EffigyError('leaving', 'no more')
    },
  })
  const first = await writer.append(draft('one'))
  const waiting = [writer.append(draft('two')), writer.rebase(() => new Map(), new Map())]
  isStopped = true
  const refused = await Promise.allSettled([
    writer.append(draft('three')),
    writer.rebase(() => new Map([[first.entry.cid, { type: 'delete' }]]), new Map()),
    writer.heal(false),
    writer.recast(() => ({ seal: null, leaveOut: true, keep: 'none' })),
  ])
  expect(refused.map((each) => each.status === 'rejected' && each.reason.code)).toEqual(
    Array(4).fill('leaving'),
  )
  const end = await writer.end()
  expect(end?.head).toMatchObject({ epoch: 1, length: 2 })
  expect(await Promise.all(waiting)).toMatchObject([{ record: end }, null])
})
