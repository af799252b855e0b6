/** Whose words shares lead to, whatever else comes beside them (spec Z22). */
import {
  type Authority,
  accountNames,
  createPhrase,
  type Identity,
  identityOfKey,
  phraseEntropy,
  phraseSeed,
  type Root,
} from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { systemClock } from '@effigy/sync'
import { testSeed } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { combineGiven } from './combine.ts'
import { type Share, shareSigned } from './share.ts'
import { splitEntropy } from './splitting.ts'

const crypto = createNodeCrypto()
const { sha256 } = crypto
const phrase = createPhrase(crypto.randomBytes)
const { root, identity } = accountNames(await phraseSeed(phrase), 0, sha256)
const signer = await crypto.signer(testSeed('laptop'))
const laptop = identityOfKey(signer.publicKey)
const custodian = (at: number): Identity => identityOfKey(new Uint8Array(32).fill(at))
const set = { set: 'AAAAAAAAAAAAAAAAAAAAAA', threshold: 2, count: 5 }

const standings = new Map([[laptop, { type: 'member' }]])
const authority = { root, identity, moves: [], standings } as unknown as Authority
const ports = {
  ...{ crypto, clock: systemClock, refresh() {}, settled: async () => {} },
  signal: new AbortController().signal,
  store: {
    synods: { account: (of: Root) => (of === root ? authority : null) },
    feed: () => null,
    watchFeed() {},
  },
} as unknown as Parameters<typeof combineGiven>[1]

const answer = (at: number, share: Share) => ({
  custodian: custodian(at),
  root: `root of ${at}` as Root,
  given: [{ share, by: laptop }],
})

test('[Z22] shares that no device of their account signed have no say, however many there are', async () => {
  const bytes = await splitEntropy(phraseEntropy(phrase), set, sha256)
  const account = { identity, root }
  const shares = await Promise.all(
    bytes.map((share) => shareSigned({ ...set, account, share, at: 1 }, signer)),
  )
  const honest = shares.slice(0, 2).map((share, at) => answer(at, share))
  const false_ = { ...(shares[2] as Share), signature: new Uint8Array(64) }
  const unknown = { ...(shares[2] as Share), account: { identity: custodian(9), root: 'another' as Root } }
  for (const lie of [unknown, { ...false_, account: unknown.account }]) {
    for (const count of [2, 3]) {
      const liars = Array.from({ length: count }, (_, at) => answer(5 + at, lie))
      const combined = await combineGiven([...liars, ...honest], ports)
      expect(combined).toMatchObject({ phrase, root, wrong: liars.map(({ custodian: who }) => who) })
      await expect(combineGiven(liars, ports)).rejects.toThrow(
        expect.objectContaining({ code: 'account-not-found' }),
      )
    }
  }
  const altered = [2, 3, 4].map((at) =>
    answer(at, { ...(shares[at] as Share), signature: new Uint8Array(64) }),
  )
  expect(await combineGiven([...honest, ...altered], ports)).toMatchObject({ phrase })
})
