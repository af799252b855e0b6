/**
 * Devices that pair over links in memory under a fake clock, and an account with real states.
 *
 *     createAccount() ─port▶ createDevice({account})      createDevice() joins      meet(one, other)
 */
import {
  accountNames,
  deriveSynodKey,
  encodeBase64url,
  type Identity,
  type JsonObject,
  type Root,
  type SignedEntry,
  type Signer,
  type Synod,
  type SynodMember,
  signEntry,
  signHead,
  writePayload,
} from '@effigy/core'
import type { Crypto } from '@effigy/crypto'
import { memoryPair } from '@effigy/links'
import { createFakeClock, type FakeClock, seededRandomBytes, settle } from '@effigy/testkit'
import type { FrameBytes } from '../src/frame.ts'
import { defaultServiceLimits, defaultSessionLimits } from '../src/limits.ts'
import type { Link } from '../src/link.ts'
import { silentLog } from '../src/log.ts'
import type { Message } from '../src/messages.ts'
import {
  type Admitted,
  createPairing,
  defaultPairingLimits,
  type Pairing,
  type PairingAccount,
  type PairingRun,
  type PairingState,
} from '../src/pairing/index.ts'
import { openSession } from '../src/run.ts'
import { createCallClient, createHost, createRegistry, type Service } from '../src/services/index.ts'
import { publicNetworkKey, type Role } from '../src/session/transcript.ts'
import type { Session } from '../src/session.ts'
import { fill, testCrypto, testSigner } from './handshake-kit.ts'

export interface TestAccount {
  readonly root: Root
  readonly members: readonly SynodMember[]
  /** How often it was changed. */
  readonly changes: number
  readonly withdrawals: readonly string[]
  /** The newest state of `identities`, signed. */
  state(identities: readonly SynodMember[], changes?: Partial<Synod>): Promise<Admitted>
  port(overrides?: Partial<PairingAccount>): PairingAccount
}

/** An account whose phrase has a seed of 64 times `words`. */
export async function createAccount(words = 7): Promise<TestAccount> {
  const { sha256 } = testCrypto
  const seed = fill(words, 64)
  const { root, identity, next, recovery } = accountNames(seed, 0, sha256)
  const signer: Signer = await testCrypto.signer(deriveSynodKey(seed, 0).secret)
  let members: readonly SynodMember[] = []
  let below: SignedEntry | null = null
  let changes = 0
  const withdrawals: string[] = []

  async function write(identities: readonly SynodMember[], more: Partial<Synod> = {}) {
    const state: Synod = {
      type: 'synod',
      at: 1_800_000_000_000,
      root,
      identities,
      revoked: [],
      next: encodeBase64url(next),
      recovery: encodeBase64url(recovery),
      origin: encodeBase64url(recovery),
      moves: [],
      name: 'Alice',
      about: '',
      avatar: null,
      hubs: [],
      dropboxes: [],
      ...more,
    }
    const payload = writePayload(state as never)
    if (!payload.ok) throw new Error(JSON.stringify(payload.error))
    const length = (below?.entry.length ?? 0) + 1
    const comparable = 1_800_000_000_000 + length
    const entry = { identity, parent: below?.cid ?? null, length, comparable, synod: null, links: [] }
    const signed = await signEntry({ ...entry, payload: payload.value }, signer, sha256)
    const head = { identity, epoch: 1, length, comparable, bytes: signed.bytes.length, head: signed.cid }
    return { signed, admitted: { entry: signed.bytes, head: await signHead(head, signer) } }
  }

  const account: TestAccount = {
    root,
    get members() {
      return members
    },
    get changes() {
      return changes
    },
    withdrawals,
    state: async (identities, more) => (await write(identities, more)).admitted,
    port: (overrides = {}) => ({
      root,
      serial: async () => ({ ok: true, value: 40 + members.length }),
      async admit(member, { stage, signal }) {
        stage('signing')
        if (signal.aborted) return { ok: false, error: { code: 'cancelled' } }
        const { signed, admitted } = await write([...members, member])
        members = [...members, member]
        below = signed
        changes++
        return { ok: true, value: admitted }
      },
      async withdraw(member, code) {
        members = members.filter(([name]) => name !== member[0])
        changes++
        withdrawals.push(code)
        return { ok: true, value: null }
      },
      ...overrides,
    }),
  }
  return account
}

export interface Device {
  readonly identity: Identity
  readonly signer: Signer
  readonly pairing: Pairing
}

export const secretLabel = 'my phone'

/** The device of `seed`; without `account` it joins one. */
export async function createDevice(
  clock: FakeClock,
  seed: number,
  account: PairingAccount | null = null,
  crypto: Partial<Crypto> = {},
  otherSigner: Signer | null = null,
): Promise<Device> {
  const { signer: ownSigner, identity } = await testSigner(seed)
  const signer = otherSigner ?? ownSigner
  const pairing = createPairing({
    identity,
    signer,
    networkKey: publicNetworkKey(testCrypto.sha256),
    crypto: { ...testCrypto, randomBytes: seededRandomBytes(`pairing ${seed}`), ...crypto },
    clock,
    log: silentLog,
    sessionLimits: defaultSessionLimits,
    limits: defaultPairingLimits,
    account: () => account,
    device: () => ({ box: fill(seed + 50), label: secretLabel }),
  })
  return { identity, signer, pairing }
}

export interface PairingWorld {
  readonly clock: FakeClock
  readonly account: TestAccount
  /** Of the account. */
  readonly laptop: Device
  /** Joins it. */
  readonly phone: Device
}

export const [laptopSeed, phoneSeed, mallorySeed] = [1, 2, 3]

export async function createPairingWorld(port: Partial<PairingAccount> = {}): Promise<PairingWorld> {
  const clock = createFakeClock()
  const account = await createAccount()
  return {
    clock,
    account,
    laptop: await createDevice(clock, laptopSeed, account.port(port)),
    phone: await createDevice(clock, phoneSeed),
  }
}

/** What the reader makes of it; throws where it is refused. */
export function readCode(reader: Device, text: string): PairingRun {
  const read = reader.pairing.read(text)
  if (!read.ok) throw new Error(read.error.code)
  return read.value
}

/** `dialler` dials `acceptor` over `links`; both results. */
export function meet(
  dialler: PairingRun,
  acceptor: PairingRun,
  [left, right]: readonly [Link, Link] = memoryPair(),
) {
  return Promise.all([dialler.try(left, 'dialler'), acceptor.try(right, 'acceptor')])
}

/** Turns the event loop until nothing more happens by itself. */
export async function rest(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await settle()
}

/** The state, once it has that type. */
export async function until<Type extends PairingState['type']>(
  run: PairingRun,
  type: Type,
): Promise<Extract<PairingState, { readonly type: Type }>> {
  for (let turn = 0; turn < 200 && run.state.type !== type; turn++) await settle()
  if (run.state.type !== type) throw new Error(`${run.state.type} instead of ${type}`)
  return run.state as Extract<PairingState, { readonly type: Type }>
}

/** A link that keeps what passes through it. */
export function recorded(link: Link, frames: Uint8Array[]): Link {
  return new Proxy(link, {
    get(target, key) {
      if (key === 'send')
        return (frame: Uint8Array) => {
          frames.push(frame.slice())
          target.send(frame)
        }
      const value = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Whoever knows the secret of a code, or guesses one, and then does as it likes. */
export interface Intruder {
  readonly session: Session
  call(method: string, value: JsonObject, bytes?: Uint8Array): Promise<string | JsonObject>
  /** Of other services and messages. */
  send(message: Message): void
  readonly received: Message[]
}

/** The identity of `seed` at `run`'s code, over a link of its own; `methods`: as a linked device. */
export async function intrude(
  clock: FakeClock,
  run: PairingRun,
  {
    seed = mallorySeed,
    role = 'dialler',
    secret = run.code.secret,
    expect = null,
    methods = {},
  }: {
    readonly seed?: number
    readonly role?: Role
    readonly secret?: Uint8Array | null
    readonly expect?: Identity | null
    readonly methods?: Service['methods']
  } = {},
): Promise<Intruder> {
  const [left, right] = memoryPair()
  const { signer, identity } = await testSigner(seed)
  const opening = openSession(left, {
    role,
    identity,
    signer,
    expect,
    demandProof: false,
    networkKey: publicNetworkKey(testCrypto.sha256),
    pairingSecret: secret,
    head: () => null,
    crypto: testCrypto,
    clock,
    log: silentLog,
    limits: defaultSessionLimits,
    signal: new AbortController().signal,
  })
  const [opened] = await Promise.allSettled([
    opening,
    run.try(right, role === 'dialler' ? 'acceptor' : 'dialler'),
  ])
  if (opened.status === 'rejected') throw opened.reason
  const session = opened.value
  const send = (message: Message, bytes?: FrameBytes): void => session.send(message, bytes)
  const client = createCallClient({ send, limits: defaultServiceLimits })
  const registry = createRegistry([])
  registry.serve({ name: 'pairing', isFor: () => true, methods })
  const host = createHost({
    registry,
    caller: () => ({ remote: session.remote, trust: 'stranger' }),
    kind: 'peer',
    metered: () => false,
    send,
    random: testCrypto.randomBytes,
    clock,
    limits: defaultServiceLimits,
    onFailure() {},
  })
  const received: Message[] = []
  const receive = async (): Promise<void> => {
    for await (const { message, bytes } of session.receive()) {
      received.push(message)
      if (!host.take(message, bytes)) client.take(message, bytes)
    }
    client[Symbol.dispose]()
  }
  receive().catch(() => {})
  return {
    session,
    received,
    send,
    async call(method, value, bytes = new Uint8Array(0)) {
      const { signal } = new AbortController()
      const answered = await client.call('pairing', method, value, { bytes, signal })
      return answered.ok ? answered.value.value : answered.error.code
    },
  }
}
