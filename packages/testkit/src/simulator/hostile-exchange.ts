/**
 * The signalling of a hostile hub: the shipping one, that does to messages whatever a hub can.
 *
 *     messagefrom ─ dropped │ late │ twice │ a byte changed │ another one in its place │ under another name ─▶ receiver
 *
 * @module
 */
import { concatBytes } from '@effigy/core'
import { createSignalHub, type SignalHub, type SignalHubPorts, type SignalSession } from '@effigy/sync'
import type { Random } from '../seed.ts'
import { sendingSession } from '../sending-session.ts'

/** Identity of the sender, before what it sent. */
const nameBytes = 32

/** Messages that it keeps to put them in place of others. */
const maxKept = 64

/** Some of what is late is still of this minute. */
const maxLateMs = 120_000

export function twistedExchange(random: Random): (ports: SignalHubPorts) => SignalHub {
  return (ports) => {
    const real = createSignalHub(ports)
    const kept: Uint8Array[] = []

    function bend(bytes: Uint8Array): Uint8Array {
      const bent = bytes.slice()
      const at = nameBytes + random.integer(bent.length - nameBytes)
      bent[at] = (bent[at] ?? 0) ^ (1 << random.integer(8))
      return bent
    }

    function twist(bytes: Uint8Array, give: (bytes: Uint8Array) => void): void {
      const other = kept.length === 0 ? bytes : random.pick(kept)
      kept.push(bytes)
      if (kept.length > maxKept) kept.shift()
      switch (random.integer(8)) {
        case 0:
          return
        case 1:
          ports.clock.after(random.integer(maxLateMs), () => give(bytes))
          return
        case 2:
          give(bytes)
          ports.clock.after(random.integer(maxLateMs), () => give(bytes))
          return
        case 3:
          give(bend(bytes))
          return
        case 4:
          give(other)
          return
        case 5:
          give(concatBytes(other.subarray(0, nameBytes), bytes.subarray(nameBytes)))
          return
        default:
          give(bytes)
      }
    }

    const twisted = (session: SignalSession): SignalSession =>
      sendingSession(session, (message, bytes = []) => {
        if (message.type !== 'messagefrom') session.send(message, bytes)
        else {
          const whole = bytes instanceof Uint8Array ? bytes : concatBytes(...bytes)
          twist(whole, (given) => session.send(message, given))
        }
      })

    return {
      open: (session) => real.open(twisted(session)),
      get circuits() {
        return real.circuits
      },
      [Symbol.dispose]: () => real[Symbol.dispose](),
    }
  }
}
