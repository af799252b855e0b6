/**
 * A member of a hub that says and hears what goes through it: no peer, no store.
 *
 * @module
 */
import { type Identity, identityOfKey } from '@effigy/core'
import { createNodeCrypto } from '@effigy/crypto/node'
import { dialWebSocket } from '@effigy/links/node'
import {
  createCallClient,
  createSignals,
  defaultServiceLimits,
  defaultSessionLimits,
  openSession,
  publicNetworkKey,
  type Session,
  type Signals,
  silentLog,
  systemClock,
  writeProvided,
} from '@effigy/sync'

export interface Member {
  readonly identity: Identity
  readonly session: Session
  readonly signals: Signals
}

const openMs = 10_000

/** The first word: who says none is sent away after ten seconds (A13). */
const greeting = writeProvided({ services: [], kind: 'peer', metered: false })

/** Whoever answers at `address` is taken; how fast it says something is not bounded here. */
export async function openMember(
  address: string,
  onMessage: (from: Identity, payload: Uint8Array) => void,
): Promise<Member> {
  const crypto = createNodeCrypto()
  const signer = await crypto.signer(crypto.randomBytes(32))
  const identity = identityOfKey(signer.publicKey)
  const signal = AbortSignal.timeout(openMs)
  const session = await openSession(await dialWebSocket(address, { clock: systemClock, signal }), {
    role: 'dialler',
    identity,
    signer,
    expect: null,
    demandProof: false,
    networkKey: publicNetworkKey(crypto.sha256),
    pairingSecret: null,
    head: () => null,
    crypto,
    clock: systemClock,
    log: silentLog,
    limits: { ...defaultSessionLimits, framesPerSecond: 1e9, frameBurst: 1e9 },
    signal,
  })
  const send: Session['send'] = (message, bytes) => session.send(message, bytes)
  send({ type: 'provides' }, greeting)
  const calls = createCallClient({ send, limits: defaultServiceLimits })
  const signals = createSignals({
    send,
    token: () => calls.token('signalling'),
    onPresence() {},
    onAttempts() {},
    onMessage,
  })
  void (async () => {
    for await (const { message, bytes } of session.receive()) {
      if (!signals.take(message, bytes)) calls.take(message, bytes)
    }
  })()
  return { identity, session, signals }
}

/** `receiver` shows itself to `sender` from now on. */
export async function show(receiver: Member, sender: Member): Promise<void> {
  const visibility = { show: [sender.identity], hear: [], open: false, room: false }
  const chosen = await receiver.signals.choose(visibility)
  if (!chosen.ok) throw new Error(`the hub refused: ${chosen.error.code}`)
}
