/**
 * The runs of `spec/vectors/session.json` (A1-A7, A9, A12): whole handshakes with fixed keys, and what they come to.
 */
import { encodeFrame } from '../src/frame.ts'
import { createSealer } from '../src/sealing.ts'
import type { HandshakeOptions } from '../src/session/handshake.ts'
import { exporterKey, handshakeKey, inputKey, nextTranscript } from '../src/session/transcript.ts'
import { hex } from './frame-vectors.ts'
import {
  alice,
  bob,
  bobIdentity,
  createParty,
  established,
  exchange,
  fill,
  headText,
  networkKey,
  testCrypto,
  testHead,
  transcriptOf,
} from './handshake-kit.ts'

export type SessionRun = Awaited<ReturnType<typeof run>>

export async function sessionRuns() {
  const [aliceHead, bobHead] = [headText(await testHead(alice)), headText(await testHead(bob))]
  return [
    await run(
      'friends, each with a head record',
      { expect: bobIdentity, head: aliceHead },
      { head: bobHead },
    ),
    await run('first contact at a hub', {}, {}),
    await run('pairing', { expect: bobIdentity }, {}, fill(0x5a, 16)),
  ]
}

async function run(
  name: string,
  dialler: Partial<HandshakeOptions>,
  acceptor: Partial<HandshakeOptions>,
  pairingSecret: Uint8Array | null = null,
) {
  const a = await createParty('dialler', alice, { ...dialler, pairingSecret })
  const b = await createParty('acceptor', bob, { ...acceptor, pairingSecret })
  await exchange(a, b)
  const { keys } = established(a)
  const [commit, diallerRequest, diallerAuth] = pairingSecret === null ? [null, ...a.sent] : a.sent
  const [acceptorRequest, acceptorAuth] = b.sent
  if (!diallerRequest || !diallerAuth || !acceptorRequest || !acceptorAuth || !a.agreedSecret)
    throw new Error(name)
  const first = transcriptOf({ ...a, sent: [diallerRequest] }, b)
  const input = inputKey(a.agreedSecret, pairingSecret)
  const second = nextTranscript(testCrypto, first, acceptorAuth)
  const third = nextTranscript(testCrypto, second, diallerAuth)
  const sealer = createSealer(testCrypto, keys.dialler)
  const ping = encodeFrame({ type: 'ping', id: 1 })
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
  const party = (seed: number, identity: string, options: Partial<HandshakeOptions>) => ({
    identity,
    seed: hex(fill(seed)),
    x25519: hex(fill(seed + 100)),
    random: hex(fill(seed + 200)),
    expect: options.expect ?? null,
    head: options.head ?? null,
  })
  return {
    name,
    networkKey: hex(networkKey),
    binding: 'memory',
    pairingSecret: pairingSecret === null ? null : hex(pairingSecret),
    dialler: party(alice, a.identity, dialler),
    acceptor: party(bob, b.identity, acceptor),
    commit: commit ? text(commit) : null,
    diallerRequest: text(diallerRequest),
    acceptorRequest: text(acceptorRequest),
    secret: hex(a.agreedSecret),
    th1: hex(first),
    handshakeKeys: {
      acceptor: hex(handshakeKey(testCrypto, input, first, 'acceptor')),
      dialler: hex(handshakeKey(testCrypto, input, first, 'dialler')),
    },
    acceptorSigned: b.signed.map(text),
    acceptorAuth: hex(acceptorAuth),
    th2: hex(second),
    diallerSigned: a.signed.map(text),
    diallerAuth: hex(diallerAuth),
    th3: hex(third),
    traffic: { dialler: hex(keys.dialler), acceptor: hex(keys.acceptor) },
    sessionId: hex(keys.sessionId),
    exporter: hex(keys.exporter),
    emoji: hex(exporterKey(testCrypto, keys.exporter, 'emoji')),
    /** `{"type":"ping","id":1}⏎` from the dialler, as its frames 0 and 1. */
    sealedPings: [hex(sealer.seal(ping)), hex(sealer.seal(ping))],
  }
}
