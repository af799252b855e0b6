/** Who may dial a peer without knowing whom it dials (A2). */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identityOfKey } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { memoryPair } from '@effigy/links'
import { openNodeStore } from '@effigy/store/node'
import { defaultSessionLimits, openSession, publicNetworkKey, systemClock } from '@effigy/sync'
import { expect, test } from 'vitest'
import { createPeer } from './create-peer.ts'

const log = { info: () => {}, warn: () => {} }

test.each([
  ['peer', 'cut'],
  ['hub', 'open'],
] as const)('[A2] a %s that is dialled by who does not name it: %s', async (kind, outcome) => {
  const crypto = createNodeCrypto()
  const home = mkdtempSync(join(tmpdir(), 'effigy-acceptor-'))
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => rmSync(home, { recursive: true }))
  const store = cleanup.use(openNodeStore(home, { sha256: crypto.sha256, now: Date.now }))
  const peer = cleanup.use(
    await createPeer({
      store,
      crypto,
      signer: await crypto.signer(crypto.randomBytes(32)),
      boxKey: await crypto.agreementKey(crypto.randomBytes(32)),
      random: crypto.randomBytes,
      clock: systemClock,
      log,
      kind,
      continuity: 'continued',
      dial: async () => memoryPair()[0],
    }),
  )
  const [left, right] = memoryPair()
  const accepting = peer.accept(right)
  const signer = await crypto.signer(crypto.randomBytes(32))
  const dialling = openSession(left, {
    role: 'dialler',
    identity: identityOfKey(signer.publicKey),
    signer,
    expect: null,
    demandProof: false,
    networkKey: publicNetworkKey(crypto.sha256),
    pairingSecret: null,
    head: () => null,
    crypto,
    clock: systemClock,
    log,
    limits: defaultSessionLimits,
    signal: new AbortController().signal,
  })
  const result = await dialling.then(
    async (session) => {
      await session.end('done')
      return 'open'
    },
    (error: { code: string }) => error.code,
  )
  expect(result).toBe(outcome)
  await accepting
})
