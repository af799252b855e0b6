/** What counts as damage when a store is checked, and what is only said by somebody (S27). */
import { signHead } from '@effigy/core'
import { testSigner } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { headOf, runOf, sha256, testFeed, testIdentity } from '../test/feed-maker.ts'
import { openTestStore } from '../test/medium.ts'
import { verifyRecords } from './index.ts'

const alice = testIdentity('alice')
const mallory = testIdentity('mallory')
const signal = new AbortController().signal

test('[S27] [F6] [T1] no head record that its author signed is damage, whatever it claims and whichever entry it names', async () => {
  using store = openTestStore(':memory:', { sha256, now: () => 1_800_000_000_000 })
  const friends = testFeed(alice, 2)
  const chain = testFeed(mallory, 5)
  for (const entries of [friends, chain]) {
    store.acceptHead(headOf(entries), { force: true })
    store.appendRun(runOf(entries))
  }
  const found = async (isGenuine: boolean) => {
    const verify = async (checks: readonly unknown[]) => checks.map(() => isGenuine)
    const options = { signal, onProgress() {}, onBlocks() {} }
    return (await verifyRecords(store, { sha256, verify }, options)).findings.map(({ kind }) => kind)
  }
  expect(await found(true)).toEqual([])
  const signer = await testSigner('mallory')
  const { head } = headOf(chain)
  const lies = [
    { ...head, epoch: 2, length: 9 },
    { ...head, epoch: 3, comparable: head.comparable + 1 },
    { ...head, epoch: 4, head: friends[1]?.cid ?? head.head },
  ]
  for (const lie of lies) {
    const taken = await signHead(lie, signer)
    expect(store.acceptHead(taken)).toBe('new')
    expect(await found(true)).toEqual([])
  }
  // Bytes that nobody signed are damage.
  expect((await found(false)).sort()).toEqual(['head', 'head', ...Array(7).fill('signature')])
})
