/**
 * A machine of the simulation: a disk, a vault and a clock that outlive the peers that run on it.
 *
 *     start ─▶ Running (process, store, peer) ─ stop │ crash │ restore ─▶ start …
 *
 * @module
 */
import { encodeBase64url, type Identity, identityOfKey, type Signer } from '@effigy/core'
import { accountVault, type Crypto, type Vault, type VaultContents } from '@effigy/crypto'
import { createPeer, type Peer, type PeerDeps, renewInstance, type SignallingOptions } from '@effigy/peer'
import { blockMigrations, blockPageBytes, createStore, migrations, type Store } from '@effigy/store'
import type { Clock, Link, Log } from '@effigy/sync'
import type { FakeMachine } from '../../../links/test/fake-rtc.ts'
import type { ClockView } from '../clock.ts'
import { createRandom, type Random, seededRandomBytes } from '../seed.ts'
import { createMemoryDisk, type Loss, type MemoryDisk, type Photograph } from './memory-disk.ts'
import { type Process, startProcess } from './process.ts'

export interface MachineOptions {
  /** Its address is `ws://<name>.test`. */
  readonly name: string
  readonly kind: 'peer' | 'hub'
  /** Of the whole run: keys, salts and challenges come of it. */
  readonly seed: string
  /** Whose key it has; its name when omitted. Two machines of one key are a fork in the making. */
  readonly keyName?: string
  readonly crypto: Crypto
  readonly clock: ClockView
  readonly log: Log
  readonly random: Random
  readonly dial: (from: Machine, address: string) => Promise<Link>
  /** Puts deliberately different parts in place of what ships: for hostile machines, and for builds that are broken on purpose. */
  readonly alter?: (parts: Parts) => Parts
  /** See `MemoryDiskOptions`. */
  readonly mayLosePower?: boolean
  /** Parts that are broken on purpose, outside the store: own entries are acknowledged too early, a restored disk is not noticed. */
  readonly broken?: 'durability' | 'instance-check' | null
  /** What only a hub has (`PeerDeps`), for the peer that is about to start. */
  readonly hub?: (peer: () => Peer, clock: Clock) => HubHooks
  /** Of a hub; none when omitted. */
  readonly signalling?: SignallingOptions
  /** Of each process, which ends with it; none when omitted. */
  readonly rtc?: () => FakeMachine
  readonly started: (machine: Machine, running: Running) => void
  /** In the middle of a statement. */
  readonly died: (machine: Machine, loss: Loss) => void
}

export interface Parts {
  readonly store: Store
  readonly crypto: Crypto
  readonly dial: PeerDeps['dial']
}

export interface HubHooks extends Disposable {
  readonly admits: (identity: Identity) => boolean
  readonly tracks: (remote: Identity, identities: readonly Identity[]) => void
  /** The peer is there. */
  readonly started: () => void
}

export interface Running {
  readonly process: Process
  readonly store: Store
  readonly peer: Peer
  readonly disk: MemoryDisk
  readonly hooks: HubHooks | null
}

export interface Machine {
  readonly name: string
  readonly kind: 'peer' | 'hub'
  readonly identity: Identity
  /** What others seal to. */
  readonly boxKey: Uint8Array
  readonly clock: ClockView
  readonly random: Random
  /** Null while it is off. */
  readonly running: Running | null
  /** Times that it was started. */
  readonly starts: number
  /** What it must never tell anybody, as texts. */
  readonly secrets: readonly string[]
  start(): Promise<Running>
  /** Says goodbye and leaves. */
  stop(): Promise<void>
  /** Ends the process now; `power`: what was not synced is lost. */
  crash(loss: Loss): void
  /** The process ends in the middle of the `statements`-th database statement from now. */
  crashWithin(statements: number, loss: Loss): void
  /** A copy of the disk as it is. */
  photograph(): Photograph
  /** Puts a copy in place of the disk of a machine that is off. */
  restore(photograph: Photograph): void
  /** A link that somebody dialled. */
  accept(link: Link): boolean
}

export async function createMachine(options: MachineOptions): Promise<Machine> {
  const { name, kind, seed, keyName = name, crypto, clock, log, random } = options
  const keys = createRandom(`${seed}/${keyName}/keys`)
  const keySeed = keys.bytes(32)
  const boxSecret = keys.bytes(32)
  const signer: Signer = await crypto.signer(keySeed)
  const boxKey = await crypto.agreementKey(boxSecret)
  const vault = createMemoryVault(keySeed, boxSecret)
  let contents: Photograph = new Map()
  let running: Running | null = null
  /** It is on its way out: its disk is the newest. */
  let leaving: Running | null = null
  let starts = 0
  /** One start or stop after the other. */
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(work, work)
    turn = mine.catch(() => {})
    return mine
  }

  async function start(): Promise<Running> {
    if (running !== null) return running
    const lives = ++starts
    const process = startProcess(clock)
    const disk = createMemoryDisk(contents, {
      mayLosePower: options.mayLosePower ?? false,
      ignoresSync: options.broken === 'durability',
    })
    const bytes = seededRandomBytes(`${seed}/${name}/${lives}`)
    const own: Crypto = { ...crypto, randomBytes: bytes }
    const opened = createStore({
      main: disk.open('main', { migrations }),
      blocks: disk.open('blocks', { migrations: blockMigrations, pageBytes: blockPageBytes }),
      sha256: crypto.sha256,
      now: clock.now,
      pause: async () => {},
    })
    const renewed = await renewInstance(vault, opened, clock.now())
    const continuity = options.broken === 'instance-check' ? 'continued' : renewed
    const dial: PeerDeps['dial'] = async (address) => {
      const dialled = options.dial(machine, address)
      const link = await dialled.catch((reason: unknown) =>
        process.isAlive ? Promise.reject(reason) : new Promise<never>(() => {}),
      )
      return process.isAlive ? process.gate(link) : new Promise<never>(() => {})
    }
    const given: Parts = { store: opened, crypto: own, dial }
    const parts = options.alter?.(given) ?? given
    let made: Running | null = null
    const rtc = options.rtc?.()
    void process.killed.then(() => rtc?.kill())
    const hooks = options.hub?.(() => (made as unknown as Running).peer, process.clock)
    const peer = await createPeer({
      ...parts,
      signer,
      boxKey,
      vault: accountVault(vault),
      clock: process.clock,
      random: bytes,
      log: gatedLog(log, process),
      kind,
      continuity,
      ...(options.signalling === undefined ? {} : { signalling: options.signalling }),
      ...(rtc === undefined ? {} : { rtc }),
      ...(hooks === undefined ? {} : { admits: hooks.admits, tracks: hooks.tracks }),
    })
    made = { process, store: parts.store, peer, disk, hooks: hooks ?? null }
    running = made
    hooks?.started()
    options.started(machine, made)
    return made
  }

  function take(): Running | null {
    const taken = running
    running = null
    return taken
  }

  async function stop(): Promise<void> {
    const taken = take()
    if (taken === null) return
    leaving = taken
    taken.hooks?.[Symbol.dispose]()
    await Promise.race([taken.peer[Symbol.asyncDispose](), taken.process.killed])
    leaving = null
    if (!taken.process.isAlive) return
    taken.store[Symbol.dispose]()
    contents = taken.disk.photograph()
    taken.process.kill()
  }

  const machine: Machine = {
    name,
    kind,
    identity: identityOfKey(signer.publicKey),
    boxKey: boxKey.publicKey,
    clock,
    random,
    get running() {
      return running
    },
    get starts() {
      return starts
    },
    secrets: [keySeed, boxSecret].flatMap((secret) => [
      encodeBase64url(secret),
      Buffer.from(secret).toString('hex'),
    ]),
    start: () => inTurn(start),
    stop: () => inTurn(stop),
    crash(loss) {
      const taken = take()
      if (taken === null) return
      taken.process.kill()
      contents = taken.disk.off(loss, random)
      options.died(machine, loss)
    },
    crashWithin(statements, loss) {
      const { disk, process } = running ?? {}
      disk?.dieAt(statements, () => {
        process?.kill()
        running = null
        // The statement that is under way still has to unwind.
        queueMicrotask(() => {
          contents = disk.off(loss, random)
          options.died(machine, loss)
        })
      })
    },
    photograph: () => (running ?? leaving)?.disk.photograph() ?? contents,
    restore(photograph) {
      contents = photograph
    },
    accept(link) {
      const { process, peer } = running ?? {}
      if (process === undefined || peer === undefined) return false
      void peer.accept(process.gate(link))
      return true
    },
  }
  return machine
}

/** What a dead process still says in its last step is nobody's to hear. */
function gatedLog(log: Log, process: Process): Log {
  return {
    info(event, fields) {
      if (process.isAlive) log.info(event, fields)
    },
    warn(event, fields) {
      if (process.isAlive) log.warn(event, fields)
    },
  }
}

/** A vault that no crash touches: each change of the real one is durable. */
function createMemoryVault(seed: Uint8Array, box: Uint8Array): Vault {
  let contents: VaultContents = {
    v: 2,
    instance: 1,
    seed: encodeBase64url(seed),
    box: encodeBase64url(box),
    phrase: null,
    synod: null,
  }
  return {
    read: () => contents,
    create: async () => false,
    async replace(next) {
      contents = next
    },
    async newInstance() {
      contents = { ...contents, instance: contents.instance + 1 }
      return contents.instance
    },
  }
}
