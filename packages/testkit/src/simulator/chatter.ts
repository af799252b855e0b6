/**
 * People who say a word to those who are here, and what must hold of it whatever a hub does (spec V67, V68; T7).
 *
 *     send (noted first) ─▶ hubs ─▶ heard: was it sent, by them, to us, as it is, and not before? ─▶ violation
 *
 * @module
 */
import { EffigyError, encodeBase64url, type Identity, type Payload } from '@effigy/core'
import type { Peer, ReceivedSignal } from '@effigy/peer'
import type { Machine, Running } from './machine.ts'

export interface ChatterPorts {
  /** Of the hostile hub; what others warn of is a clock at most. */
  readonly badHub: () => Identity | null
  readonly violate: (invariant: string, who: string, what: string) => void
}

export interface Chatter {
  /** Says what others seal to. */
  introduce(machine: Machine, peer: Peer): Promise<string>
  /** Hears from now on. */
  started(machine: Machine, running: Running): void
  /** Says something, now and then, for as long as it lives. */
  live(machine: Machine): void
  /** Its disk was set back: what it heard it may hear again. */
  setBack(name: string): void
  /** Warnings name the hostile hub alone. */
  conclude(machines: Iterable<Machine>): void
  readonly counts: { signals: number; heard: number; warnings: number }
}

/** Between two words of one person, at most, ms. */
const pauseMs = 12_000

/** What a wrong clock makes of honest hubs. */
const clockCodes: ReadonlySet<string> = new Set(['late', 'early'])

const expected: ReadonlySet<string> = new Set(['signal-no-key', 'signal-no-hub', 'signal-blocked', 'closed'])

const never: AbortSignal = new AbortController().signal

export function createChatter({ badHub, violate }: ChatterPorts): Chatter {
  const sent = new Map<number, { readonly from: Identity; readonly to: Identity; readonly text: string }>()
  const heardBy = new Map<string, Set<number>>()
  const counts = { signals: 0, heard: 0, warnings: 0 }

  function hear({ name, identity }: Machine, { from, payload }: ReceivedSignal): void {
    counts.heard++
    const said = sent.get(Number(payload.number))
    if (said === undefined || said.from !== from || said.to !== identity || said.text !== payload.text) {
      violate('no signal that nobody sent', name, JSON.stringify(payload))
    }
    const heard = heardBy.get(name) ?? new Set()
    heardBy.set(name, heard)
    if (heard.has(Number(payload.number))) violate('each signal once', name, JSON.stringify(payload))
    heard.add(Number(payload.number))
  }

  async function say({ name, random, identity }: Machine, peer: Peer): Promise<void> {
    const here = peer.presence.now().here.filter(({ circle }) => circle === 'friend')
    if (here.length === 0) return
    const to = random.pick(here).identity
    const number = ++counts.signals
    const text = `word ${random.integer(2 ** 32)}`
    sent.set(number, { from: identity, to, text })
    try {
      await peer.signals.send(to, { type: 'x-word', number, text }, { signal: never })
    } catch (cause) {
      if (!(cause instanceof EffigyError && expected.has(cause.code))) {
        violate('no act fails unexpectedly', name, String(cause))
      }
    }
  }

  function live(machine: Machine): void {
    const { running } = machine
    if (running === null) return
    running.process.clock.after(1 + machine.random.integer(pauseMs), () => {
      if (machine.running !== running) return
      void say(machine, running.peer)
      live(machine)
    })
  }

  return {
    counts,
    async introduce(machine, peer) {
      const box = encodeBase64url(machine.boxKey)
      const about = { name: machine.name, about: '', avatar: null, hubs: [] }
      await peer.publish({
        type: 'identification',
        at: machine.clock.now(),
        ...about,
        box,
      } as unknown as Payload)
      return 'introduced itself'
    },
    started(machine, { peer }) {
      const messages = peer.signals.messages(never)
      void (async () => {
        for await (const message of messages) hear(machine, message)
      })()
    },
    live,
    setBack: (name) => void heardBy.delete(name),
    conclude(machines) {
      for (const { name, running } of machines) {
        for (const { hub, code } of running?.peer.presence.now().warnings ?? []) {
          counts.warnings++
          if (hub !== badHub() && !clockCodes.has(code)) violate('honest hubs are not warned of', name, code)
        }
      }
    },
  }
}
