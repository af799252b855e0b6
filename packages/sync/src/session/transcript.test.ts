/** Each value of `spec/vectors/session.json` computed from the ones before it, and the whole from a run. */
import { parseBase64url, utf8 } from '@effigy/core'
import { createNobleCrypto } from '@effigy/crypto/noble'
import { ownVectors } from '@effigy/testkit/node'
import { describe, expect, test } from 'vitest'
import { hex } from '../../test/frame-vectors.ts'
import { testCrypto } from '../../test/handshake-kit.ts'
import { type SessionRun, sessionRuns } from '../../test/session-vectors.ts'
import { sealingNonce } from '../sealing.ts'
import {
  exporterKey,
  firstTranscript,
  handshakeKey,
  inputKey,
  nextTranscript,
  trafficKeys,
} from './transcript.ts'

const runs = JSON.parse(ownVectors('session.json')) as SessionRun[]

test('session.json is what the generator writes', async () => {
  expect(runs).toEqual(JSON.parse(JSON.stringify(await sessionRuns())))
})

describe.each([
  ['sodium', testCrypto],
  ['noble', createNobleCrypto()],
] as const)('with %s', (_name, crypto) => {
  describe.each(runs)('$name', (run) => {
    const pairingSecret = run.pairingSecret === null ? null : bytes(run.pairingSecret)
    const input = inputKey(bytes(run.secret), pairingSecret)

    test('[A1] the X25519 secret', async () => {
      const key = await crypto.agreementKey(bytes(run.dialler.x25519))
      const { challenge } = JSON.parse(run.acceptorRequest) as { challenge: string }
      const theirs = parseBase64url(challenge)!.subarray(0, 32)
      expect(hex((await key.agree(theirs))!)).toBe(run.secret)
    })

    test('[A3] [A4] th1 and the keys of the handshake', () => {
      const th1 = firstTranscript(crypto, {
        networkKey: bytes(run.networkKey),
        binding: utf8(run.binding),
        diallerRequest: utf8(run.diallerRequest),
        acceptorRequest: utf8(run.acceptorRequest),
      })
      expect(hex(th1)).toBe(run.th1)
      expect(hex(handshakeKey(crypto, input, th1, 'acceptor'))).toBe(run.handshakeKeys.acceptor)
      expect(hex(handshakeKey(crypto, input, th1, 'dialler'))).toBe(run.handshakeKeys.dialler)
    })

    test('[A5] th2, and an auth inside each seal', () => {
      expect(hex(nextTranscript(crypto, bytes(run.th1), bytes(run.acceptorAuth)))).toBe(run.th2)
      for (const role of ['acceptor', 'dialler'] as const) {
        const sealed = bytes(role === 'acceptor' ? run.acceptorAuth : run.diallerAuth)
        const plain = crypto.open(bytes(run.handshakeKeys[role]), sealingNonce(0), new Uint8Array(0), sealed)
        const auth = JSON.parse(new TextDecoder().decode(plain!)) as { identity: string; head: string | null }
        expect(auth).toMatchObject({ identity: run[role].identity, head: run[role].head })
      }
    })

    test('[A6] [A12] th3 and what comes of it', () => {
      const th3 = nextTranscript(crypto, bytes(run.th2), bytes(run.diallerAuth))
      expect(hex(th3)).toBe(run.th3)
      const keys = trafficKeys(crypto, input, th3)
      expect(hex(keys.dialler)).toBe(run.traffic.dialler)
      expect(hex(keys.acceptor)).toBe(run.traffic.acceptor)
      expect(hex(keys.sessionId)).toBe(run.sessionId)
      expect(hex(keys.exporter)).toBe(run.exporter)
      expect(hex(exporterKey(crypto, keys.exporter, 'emoji'))).toBe(run.emoji)
    })

    test('[A7] sealed frames', () => {
      for (const [counter, sealed] of run.sealedPings.entries()) {
        const plain = crypto.open(
          bytes(run.traffic.dialler),
          sealingNonce(counter),
          new Uint8Array(0),
          bytes(sealed),
        )
        expect(new TextDecoder().decode(plain!)).toBe('{"type":"ping","id":1}\n')
      }
    })
  })
})

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
