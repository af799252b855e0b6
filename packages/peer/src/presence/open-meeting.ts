/**
 * Presence, signals and the ways through hubs, wired together (presence.ts, signals.ts, reach.ts).
 *
 *     hubs ⇄ reach ─▶ signals ─▶ apps
 *               ▲  └▶ presence ─▶ a person
 *               └─ whom it shows itself to ─┘
 *
 * @module
 */
import { createPulse } from '../live.ts'
import { createReach, type Reach, type ReachDeps } from '../reach.ts'
import { type OpenPresence, openPresence, type PresencePorts } from './open-presence.ts'
import { type OpenSignals, openSignals, type SignalsApiPorts } from './open-signals.ts'
import type { PeerPresence } from './presence.ts'
import type { PeerSignals } from './signals.ts'

export type MeetingPorts = Omit<PresencePorts, 'signallers' | 'chose' | 'pulse'> &
  Omit<SignalsApiPorts, 'signallers' | 'presence'> &
  Omit<ReachDeps, 'visibility' | 'onMessage' | 'onAttempts' | 'onPresence' | 'isOwn'> & {
    /** Somebody may have come or gone. */
    readonly came: () => void
  }

export interface Meeting {
  readonly reach: Reach
  readonly presence: PeerPresence
  readonly signals: PeerSignals
  readonly words: OpenSignals['words']
  readonly say: OpenSignals['say']
  readonly shows: OpenPresence['shows']
  /** Friends, devices, blocks, sessions or whom a person seeks may be others. */
  changed(): void
  /** Resolves when nothing is being opened. */
  idle(): Promise<void>
}

export function openMeeting(ports: MeetingPorts): Meeting {
  const pulse = createPulse()
  const signallers = () => reach.signallers
  const presence = openPresence({ ...ports, signallers, pulse, chose: () => reach.chose() })
  const signals = openSignals({ ...ports, signallers, presence })
  const reach = createReach({
    ...ports,
    visibility: presence.visibility,
    isOwn: (other) => ports.trust(other) === 'own',
    onMessage: signals.take,
    onAttempts: presence.attempted,
    onPresence() {
      pulse.fire()
      ports.came()
    },
  })
  return {
    reach,
    presence: presence.api,
    signals: signals.api,
    words: signals.words,
    say: signals.say,
    shows: presence.shows,
    changed() {
      presence.changed()
      pulse.fire()
    },
    idle: signals.idle,
  }
}
