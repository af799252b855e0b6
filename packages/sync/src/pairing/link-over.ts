/**
 * Runs the linked device's side of a pairing over its session (spec L9-L14).
 *
 *     calls of the joining device ─▶ createLinked ─effects─▶ answers, the account, what the person sees
 *
 * @module
 */
import { err, ok, type Result } from '@effigy/core'
import type {
  ReceivedAnswer,
  Service,
  ServiceAnswer,
  ServiceCall,
  ServiceMethod,
  ServiceRefusal,
} from '../services/index.ts'
import type { Session } from '../session.ts'
import type { AccountRefusal, PairingAccount } from './account-port.ts'
import { type PairingMethod, pairingService, readEmpty, readJoin, readOpen, readStart } from './calls.ts'
import { createEventLoop } from './event-loop.ts'
import { createLinked, type LinkedEffect, type LinkedEvent } from './linked.ts'
import { freshOf, openPairingBase, type PairingSession, type PairingSessionPorts } from './pairing-base.ts'
import { localFault, type PairingFault } from './pairing-state.ts'

interface Waiting {
  readonly call: ServiceCall
  readonly resolve: (answer: Result<ServiceAnswer, ServiceRefusal>) => void
}

/** `account`: which the other device is to join. Owns the session. */
export function linkOver(
  session: Session,
  account: PairingAccount,
  ports: PairingSessionPorts,
): PairingSession {
  const { crypto } = ports
  const linked = createLinked({ ...freshOf(session, crypto), ...ports, root: account.root })
  const feed = createEventLoop<LinkedEvent, LinkedEffect>(linked.step, act)
  const stopped = (fault: PairingFault): void => feed({ type: 'stopped', fault })
  const waiting = new Map<PairingMethod, Waiting>()
  const asked = new AbortController()
  const base = openPairingBase(session, ports, service(), stopped)

  function answers(
    method: PairingMethod,
    read: (given: ReceivedAnswer) => LinkedEvent | null,
  ): ServiceMethod {
    return (call) => {
      const event = read({ value: call.value, bytes: call.bytes })
      // Each is asked once: a second one takes nobody's place.
      if (event === null || waiting.has(method)) {
        stopped(localFault('pairing-broken'))
        return Promise.resolve(err({ code: 'bad-value', retryMs: null }))
      }
      const { promise, resolve } = Promise.withResolvers<Result<ServiceAnswer, ServiceRefusal>>()
      waiting.set(method, { call, resolve })
      // Who takes a question back does not want to go on.
      const cancelled = { code: 'pairing-cancelled', local: false, uncertain: null }
      call.signal.addEventListener('abort', () => stopped(cancelled), { once: true })
      feed(event)
      return promise
    }
  }

  function service(): Service {
    return {
      name: pairingService,
      isFor: ({ remote }) => remote === session.remote,
      methods: {
        start: answers('start', (given) => {
          const start = readStart(given)
          return start && { type: 'start', commitment: start.commitment }
        }),
        open: answers('open', (given) => {
          const open = readOpen(given)
          return open && { type: 'open', nonce: open.nonce, box: open.box, label: open.label }
        }),
        join: answers('join', (given) => {
          const join = readJoin(given)
          return join && { type: 'join', signature: join.signature }
        }),
        done: answers('done', (given) => readEmpty(given) && { type: 'done' }),
      },
    }
  }

  function act(effect: LinkedEffect): void {
    switch (effect.type) {
      case 'show':
        ports.show(effect.state)
        break
      case 'timer':
        base.timer(effect.ms, () => feed({ type: 'timeout' }))
        break
      case 'answer':
        waiting.get(effect.method)?.resolve(ok(effect.answer))
        break
      case 'tell':
        waiting.get('join')?.call.answer({ value: { stage: effect.stage } })
        break
      case 'refuse':
        waiting.get(effect.method)?.resolve(err({ code: effect.code, retryMs: null }))
        break
      case 'terms':
        ask(
          () => account.serial(session.remote, asked.signal),
          (serial) => ({ type: 'terms', serial }),
        )
        break
      case 'verify':
        base.run(
          crypto
            .verify(effect.checks)
            .then((valid) => feed({ type: 'verified', valid: valid.every(Boolean) })),
        )
        break
      case 'admit': {
        const stage = (name: string): void => feed({ type: 'stage', stage: name })
        ask(
          () => account.admit(effect.member, { stage, signal: asked.signal }),
          (admitted) => ({ type: 'admitted', admitted }),
        )
        break
      }
      case 'abort':
        asked.abort()
        break
      case 'withdraw': {
        const { linked: undone, code } = effect
        const told = (isUndone: boolean): void =>
          feed({ type: 'withdrawn', uncertain: isUndone ? null : undone })
        base.run((async () => told((await account.withdraw(undone.member, code)).ok))(), () => told(false))
        break
      }
      case 'end':
        base.end(effect.bye)
        break
      case 'outcome':
        base.settle(effect.outcome)
        break
    }
  }

  /** What the account throws is a mistake of ours; the other side hears no more of it than that. */
  function ask<Value>(
    asking: () => Promise<Result<Value, AccountRefusal>>,
    eventOf: (value: Value) => LinkedEvent,
  ): void {
    const refuse = (code: string): void => feed({ type: 'refused', code })
    const asked = async (): Promise<void> => {
      const given = await asking()
      if (given.ok) feed(eventOf(given.value))
      else refuse(given.error.code)
    }
    base.run(asked(), () => refuse('internal'))
  }

  feed({ type: 'opened' })
  return {
    decide: (matches) => feed({ type: 'decided', matches }),
    stop: () => stopped(localFault('pairing-cancelled')),
    get isListed() {
      return linked.isListed
    },
    outcome: base.outcome,
  }
}
