/**
 * Links devices: wires the pairing of the sync package to this peer's links, account and store (spec L, Y23).
 *
 *     showLink ─▶ code ─ links that others open ─▶ pairing ─▶ state that lists the new device ─▶ both stores
 *     readLink ─▶ places of the code, dialled ───┘                 └─▶ an ordinary connection, over which history flows
 *
 * @module
 */
import {
  type CodePlace,
  codeMessages,
  decodeEntry,
  EffigyError,
  type Identity,
  isAddress,
  type LinkCode,
  maxPlaces,
} from '@effigy/core'
import type { Store } from '@effigy/store'
import {
  createPairing,
  defaultPairingLimits,
  type Link,
  type Linked,
  type Pairing,
  type PairingOutcome,
  type PairingPorts,
  type PairingRun,
  type PairingState,
  pairingMessages,
  peekLink,
} from '@effigy/sync'
import { relayAddress } from '../address.ts'
import { createPulse, liveAnswers } from '../live.ts'
import { wholeFeed } from '../relations.ts'
import { rest } from '../rest.ts'
import type { AccountLink, ReadLinkOptions, ShowLinkOptions } from './account.ts'
import type { Admitting } from './admit.ts'
import { defaultLabel } from './create.ts'
import { dialAll } from './dial-all.ts'
import type { Keyring } from './keyring.ts'
import { noteUncertain } from './own-word.ts'

export interface LinkingPorts extends Omit<PairingPorts, 'account' | 'device' | 'limits'> {
  readonly store: Store
  readonly keyring: Keyring
  readonly admitting: Pick<Admitting, 'account'>
  /** X25519 public key of this device. */
  readonly box: Uint8Array
  readonly dial: (address: string, signal: AbortSignal) => Promise<Link>
  /** Stays connected to whoever was linked there. */
  readonly connect: (address: string) => unknown
  /** Hubs through which this device can be reached. */
  readonly hubs: () => readonly CodePlace[]
  /** A code is shown: whoever names this device may reach it through a hub. */
  readonly shown: (isShown: boolean) => void
  /** This device belongs to an account now. */
  readonly joined: () => void
  /** The peer is closed. */
  readonly signal: AbortSignal
}

export interface Linking extends Disposable {
  show(options: ShowLinkOptions): AccountLink
  read(text: string, options: ReadLinkOptions): AccountLink
  /** Takes a link that somebody opened: for pairing while a code is shown, else it goes to `otherwise`. */
  accept(link: Link, otherwise: (link: Link) => Promise<void>): Promise<void>
}

/** Ms. Whoever dials says something at once. */
const peekMs = 10_000

/** Between two rounds through the places of a code, ms. */
const againMs = 2_000

/** Of the places of a code: who is not in the same network comes through one. */
const maxHubs = 2

export function createLinking(ports: LinkingPorts): Linking {
  const { store, crypto, identity, admitting, keyring, signal } = ports
  let label = defaultLabel
  /** Codes that were shown: the last one counts. */
  let codes = 0
  const pairing: Pairing = createPairing({
    ...ports,
    limits: defaultPairingLimits,
    account: admitting.account,
    device: () => ({ box: ports.box, label }),
  })

  /** What pairing has proven (L13), as if it had come over the network. */
  async function join({ root, admitted }: Linked): Promise<void> {
    const decoded = decodeEntry(admitted.entry, crypto.sha256)
    if (!decoded.ok) return
    const signed = decoded.value
    store.synods?.pin(identity, root)
    store.watchFeed(signed.entry.identity, { ...wholeFeed, account: root })
    store.acceptHead(admitted.head, { force: true })
    store.keepLoose({ entry: signed, body: null })
    store.synods?.settleProofs([{ cid: signed.cid, valid: true }])
    // The words that this home began with are those of no account.
    if (keyring.phrase !== null) await keyring.keep(null, null)
    ports.joined()
  }

  function follow(run: PairingRun, text: string | null, isJoining: boolean): AccountLink {
    const pulse = createPulse()
    const watching = run.watch(pulse.fire)
    async function settle(): Promise<PairingOutcome> {
      const outcome = await run.outcome
      const linked = outcome.ok ? outcome.value : outcome.error.uncertain
      if (isJoining && linked !== null) {
        if (!outcome.ok) noteUncertain(store, linked.root)
        await join(linked)
      }
      watching[Symbol.dispose]()
      pulse.fire()
      return outcome
    }
    return {
      text,
      get state() {
        return run.state
      },
      states: (until) =>
        endingStates(run, () => liveAnswers(() => run.state, pulse, AbortSignal.any([until, signal]))),
      decide: run.decide,
      cancel() {
        if (!run.cancel()) throw listed()
      },
      outcome: settle(),
    }
  }

  /** Round after round, as long as nobody came: the other device may still be on its way into the network. */
  async function dialPlaces(
    run: PairingRun,
    { identity: shower }: LinkCode,
    places: readonly CodePlace[],
  ): Promise<void> {
    const ways = places.map(([answers, address]) => ({
      // A hub that carried is theirs, and is ours from now on.
      home: `${address}#${answers}`,
      address: answers === shower ? address : relayAddress(`${address}#${answers}`, shower),
    }))
    while (ways.length > 0 && run.state.type === 'open' && !signal.aborted) {
      for await (const { way, link } of dialAll(ways, ports, signal)) {
        const tried = run.state.type === 'open' ? await run.try(link, 'dialler') : null
        if (tried?.ok !== true) {
          link.close()
          continue
        }
        const { ok } = await run.outcome
        if (ok && !signal.aborted) ports.connect(way.home)
        return
      }
      await rest(ports.clock, againMs, signal)
    }
  }

  function asJoining(name: string | undefined): boolean {
    if (name !== undefined) label = name
    return admitting.account() === null
  }

  function checked<Value>(work: () => Value): Value {
    try {
      return work()
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      throw new EffigyError(
        'link-label',
        'A device is called by a line of 1 to 24 bytes. Shorten its name.',
        { cause },
      )
    }
  }

  function placesOf(shower: Identity, addresses: readonly string[]): readonly CodePlace[] {
    const wrong = addresses.find((address) => !isAddress(address))
    if (wrong === undefined && addresses.length <= maxPlaces)
      return addresses.map((address) => [shower, address])
    throw new EffigyError('link-place', `A code takes up to ${maxPlaces} addresses like wss://host/path.`)
  }

  return {
    show({ places = [], label: name }) {
      const isJoining = asJoining(name)
      const hubs = ports.hubs().slice(0, maxHubs)
      const own = placesOf(identity, places).slice(0, maxPlaces - hubs.length)
      const run = checked(() => pairing.show({ places: [...own, ...hubs] }))
      const mine = ++codes
      ports.shown(true)
      const isOver = (): void => {
        if (mine === codes) ports.shown(false)
      }
      run.outcome.then(isOver, isOver)
      return follow(run, run.text, isJoining)
    },
    read(text, { label: name, tryExpired = false, places = [] }) {
      const isJoining = asJoining(name)
      const run = checked(() => pairing.read(text, { tryExpired }))
      if (!run.ok) throw readFault(run.error.code)
      const { code } = run.value
      const more = placesOf(code.identity, places)
      void dialPlaces(run.value, code, [...more, ...code.places])
      return follow(run.value, null, isJoining)
    },
    async accept(link, otherwise) {
      if (pairing.shown === null) return otherwise(link)
      const peeked = await peekLink(link, { clock: ports.clock, patienceMs: peekMs })
      if (peeked === null) return
      const run = peeked.isPairing ? pairing.shown : null
      if (run === null) return otherwise(peeked.link)
      await run.try(peeked.link, 'acceptor')
    },
    [Symbol.dispose]: () => pairing[Symbol.dispose](),
  }
}

/** Up to the last, which is `linked` or `over`. */
async function* endingStates(
  run: PairingRun,
  states: () => AsyncIterable<PairingState>,
): AsyncGenerator<PairingState> {
  for await (const state of states()) {
    yield state
    if (state.type === 'linked' || state.type === 'over') return
  }
  void run
}

function listed(): EffigyError {
  const message =
    'Too late: the account has this device in its list already. Let it leave, or take it out on the main device.'
  return new EffigyError('link-listed', message)
}

function readFault(code: keyof typeof codeMessages | keyof typeof pairingMessages): EffigyError {
  const message = { ...codeMessages, ...pairingMessages }[code]
  return new EffigyError(code, message)
}
