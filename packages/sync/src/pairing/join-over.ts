/**
 * Runs the joining device's side of a pairing over its session (spec L9-L14).
 *
 *     createJoining ─effects─▶ calls of the linked device, our signature, what the person sees
 *
 * @module
 */
import { type Root, sign } from '@effigy/core'
import type { ReceivedAnswer } from '../services/index.ts'
import type { Session } from '../session.ts'
import {
  type PairingCall,
  type PairingMethod,
  pairingService,
  readAdmitted,
  readEmpty,
  readStage,
  readStarted,
  readTerms,
} from './calls.ts'
import { admittedChecks } from './check-admitted.ts'
import { createEventLoop } from './event-loop.ts'
import { createJoining, type JoiningEffect, type JoiningEvent } from './joining.ts'
import { freshOf, openPairingBase, type PairingSession, type PairingSessionPorts } from './pairing-base.ts'
import { localFault, type PairingFault } from './pairing-state.ts'

/** What a device that has no account says of itself. */
export interface JoiningDevice {
  /** X25519, 32 bytes. */
  readonly box: Uint8Array
  /** A line of 1 to 24 bytes. */
  readonly label: string
}

/** `root` is that of the code that this device read; null where it showed it. Owns the session. */
export function joinOver(
  session: Session,
  { device, root }: { readonly device: JoiningDevice; readonly root: Root | null },
  ports: PairingSessionPorts,
): PairingSession {
  const { signer, crypto } = ports
  const joining = createJoining({ ...freshOf(session, crypto), ...device, ...ports, root })
  const feed = createEventLoop<JoiningEvent, JoiningEffect>(joining.step, act)
  const stopped = (fault: PairingFault): void => feed({ type: 'stopped', fault })
  const base = openPairingBase(session, ports, null, stopped)
  const calls = new AbortController()

  function act(effect: JoiningEffect): void {
    switch (effect.type) {
      case 'show':
        ports.show(effect.state)
        break
      case 'timer':
        base.timer(effect.ms, () => feed({ type: 'timeout' }))
        break
      case 'call':
        base.run(call(effect.call))
        break
      case 'sign':
        base.run(
          sign('member', effect.value, signer).then((signature) => feed({ type: 'signed', signature })),
        )
        break
      case 'check': {
        const { root: told, member, admitted } = effect.linked
        const checks = admittedChecks(admitted, told, member, crypto.sha256)
        const verdict = async (): Promise<boolean> =>
          checks !== null && (await crypto.verify(checks)).every(Boolean)
        base.run(verdict().then((valid) => feed({ type: 'checked', valid })))
        break
      }
      case 'end':
        base.end(effect.bye)
        break
      case 'outcome':
        calls.abort()
        base.settle(effect.outcome)
        break
    }
  }

  async function call({ method, value }: PairingCall): Promise<void> {
    const { signal } = calls
    const onAnswer = (answer: ReceivedAnswer): void => {
      const given = method === 'join' ? readStage(answer) : null
      if (given === null) stopped(localFault('pairing-broken'))
      else feed({ type: 'stage', stage: given.stage })
    }
    const answered = await base.client
      .call(pairingService, method, value, { signal, onAnswer })
      .catch(() => null)
    // Nobody waits for it any more.
    if (answered === null) return
    if (answered.ok) {
      const event = eventOf(method, answered.value)
      if (event === null) stopped(localFault('pairing-broken'))
      else feed(event)
    } else if (answered.error.code !== 'cut') {
      // Of a cut the end of the session says more.
      stopped({ code: answered.error.code, local: false, uncertain: null })
    }
  }

  feed({ type: 'opened' })
  return {
    decide: (matches) => feed({ type: 'decided', matches }),
    stop: () => stopped(localFault('pairing-cancelled')),
    get isListed() {
      return joining.isListed
    },
    outcome: base.outcome,
  }
}

function eventOf(method: PairingMethod, answer: ReceivedAnswer): JoiningEvent | null {
  switch (method) {
    case 'start': {
      const started = readStarted(answer)
      return started && { type: 'started', nonce: started.nonce }
    }
    case 'open': {
      const terms = readTerms(answer)
      return terms && { type: 'terms', terms }
    }
    case 'join': {
      const admitted = readAdmitted(answer)
      return admitted && { type: 'admitted', admitted }
    }
    case 'done':
      return readEmpty(answer) && { type: 'finished' }
  }
}
