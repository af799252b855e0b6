/**
 * The handshake machine as a decoder: brought to each state in which it waits for a frame, and fed.
 *
 *     opened ─▶ await request │ agreed ─▶ await auth     damage outside the seal, and inside a good one
 *
 * @module
 */
import { type Identity, utf8 } from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import {
  createHandshake,
  encodeFrame,
  firstTranscript,
  type Handshake,
  type HandshakeEffect,
  handshakeKey,
  nextTranscript,
  sealingNonce,
} from '@effigy/sync'
import type { Decoder } from './list.ts'
import { hex, type PartySample, type SessionSample, sessionSamples } from './samples.ts'

const nothing = new Uint8Array(0)
const signature = new Uint8Array(64).fill(5)

/** Two handshakes cost some 200 µs. */
const share = 0.1

export function handshakeDecoders(crypto: Crypto): readonly Decoder[] {
  const [sample] = sessionSamples.filter(({ pairingSecret }) => pairingSecret === null)
  const pairing = sessionSamples.find(({ pairingSecret }) => pairingSecret !== null)
  if (sample === undefined || pairing === undefined) throw new Error('no vector of a session')
  const binding = utf8('memory')
  const publicKeys = {
    dialler: publicKeyIn(sample.diallerRequest),
    acceptor: publicKeyIn(sample.acceptorRequest),
  }

  const start = (role: 'dialler' | 'acceptor', session: SessionSample): Handshake => {
    const party: PartySample = session[role]
    return createHandshake({
      role,
      identity: party.identity as Identity,
      expect: party.expect as Identity | null,
      demandProof: role === 'acceptor',
      networkKey: session.networkKey,
      binding,
      challenge: { publicKey: publicKeys[role], random: hex(party.random) },
      head: party.head,
      pairingSecret: session.pairingSecret,
      crypto,
      timeoutMs: 1_000,
    })
  }
  const waitsForAuth = (role: 'dialler' | 'acceptor'): Handshake => {
    const machine = start(role, sample)
    machine.step({ type: 'opened' })
    machine.step({
      type: 'frame',
      frame: role === 'dialler' ? sample.acceptorRequest : sample.diallerRequest,
    })
    machine.step({ type: 'agreed', secret: sample.secret })
    if (role === 'acceptor') machine.step({ type: 'signed', signature })
    return machine
  }

  // What the other side would send, before it is sealed; its signature is checked outside the machine.
  const authOf = (role: 'dialler' | 'acceptor'): Uint8Array =>
    encodeFrame({
      type: 'sessionauth',
      identity: sample[role].identity as Identity,
      head: sample[role].head,
      signature: 'A'.repeat(86),
    })
  const transcript = firstTranscript(crypto, {
    networkKey: sample.networkKey,
    binding,
    diallerRequest: sample.diallerRequest,
    acceptorRequest: sample.acceptorRequest,
  })
  const seal = (role: 'dialler' | 'acceptor', frame: Uint8Array): Uint8Array =>
    crypto.seal(handshakeKey(crypto, sample.secret, transcript, role), sealingNonce(0), nothing, frame)

  return [
    {
      name: 'handshake: request at the acceptor',
      samples: [sample.diallerRequest],
      share,
      decode: (input) => finish(opened(start('acceptor', sample)), input),
    },
    {
      name: 'handshake: request at the dialler',
      samples: [sample.acceptorRequest],
      share,
      decode: (input) => finish(opened(start('dialler', sample)), input),
    },
    {
      name: 'handshake: commitment',
      samples: [encodeFrame({ type: 'sessioncommit', hash: 'A'.repeat(43) })],
      share,
      decode: (input) => finish(opened(start('acceptor', pairing)), input),
    },
    {
      name: 'handshake: sealed auth',
      samples: [seal('acceptor', authOf('acceptor'))],
      share,
      decode: (input) => finish(waitsForAuth('dialler'), input),
    },
    {
      name: 'handshake: auth at the dialler, rightly sealed',
      samples: [authOf('acceptor')],
      share,
      decode: (input) => finish(waitsForAuth('dialler'), seal('acceptor', input)),
    },
    {
      name: 'handshake: auth at the acceptor, rightly sealed',
      samples: [authOf('dialler')],
      share,
      decode: (input) => finish(waitsForAuth('acceptor'), seal('dialler', input)),
    },
    {
      name: 'transcript',
      samples: [nothing.slice(), transcript],
      share,
      decode: (input) => nextTranscript(crypto, transcript, input),
    },
  ]
}

function opened(machine: Handshake): Handshake {
  machine.step({ type: 'opened' })
  return machine
}

/** Feeds the frame and, where the machine goes on, everything that it asks for. */
function finish(machine: Handshake, frame: Uint8Array): readonly HandshakeEffect[] {
  let effects = machine.step({ type: 'frame', frame })
  const all = [...effects]
  for (let rounds = 0; rounds < 4; rounds++) {
    const last = effects.at(-1)
    if (last?.type === 'agree') effects = machine.step({ type: 'agreed', secret: frame.slice(0, 32) })
    else if (last?.type === 'sign') effects = machine.step({ type: 'signed', signature })
    else if (last?.type === 'verify')
      effects = machine.step({ type: 'verified', valid: frame.length % 2 === 0 })
    else break
    all.push(...effects)
  }
  return all
}

/** The X25519 key of the one who wrote a request. */
function publicKeyIn(request: Uint8Array): Uint8Array {
  const { challenge } = JSON.parse(new TextDecoder().decode(request)) as { challenge: string }
  return new Uint8Array(Buffer.from(challenge, 'base64url').subarray(0, 32))
}
