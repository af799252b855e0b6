/**
 * A peer's half of signalling over one session with a hub (spec V60-V63).
 *
 *     choose {show, hear} ─online▶ hub ─presence▶ who is there      messageTo ─▶ hub ─messagefrom▶ onMessage
 *
 * @module
 */
import { err, type Identity, ok, type Result } from '@effigy/core'
import type { FrameBytes } from '../frame.ts'
import { maxListedIds } from '../limits.ts'
import type { Message, Sent } from '../messages.ts'
import { readIdentities, writeIdentities } from '../messages-bytes.ts'
import type { ServiceRefusal } from '../services/service.ts'

/** Whom this device lets know that it is there, and of whom it wants to know it; 8,192 each at most. */
export interface Visibility {
  readonly show: readonly Identity[]
  readonly hear: readonly Identity[]
  /** Whoever names this device may reach it: while it shows a code. */
  readonly open: boolean
}

export interface Signals extends Disposable {
  /** Who is there, of those that are heard of. */
  readonly present: ReadonlySet<Identity>
  /** Says it in place of what was said before; refused with the hub's code, or `cut`. */
  choose(visibility: Visibility): Promise<Result<true, ServiceRefusal>>
  /** `payload`: 1 to 16,384 bytes. `accepted`: the hub does not say. */
  messageTo(to: Identity, payload: Uint8Array): Promise<Result<Sent['outcome'], ServiceRefusal>>
  /** True when it was a message of signalling. */
  take(message: Message, bytes: Uint8Array): boolean
}

export interface SignalsPorts {
  /** A session that is over takes nothing. */
  readonly send: (message: Message, bytes?: FrameBytes) => void
  /** Of `signalling`. */
  readonly token: () => Promise<Result<string, ServiceRefusal>>
  /** `present` is another one. */
  readonly onPresence: () => void
  readonly onMessage: (from: Identity, payload: Uint8Array) => void
}

/** Above the numbers of replication. */
const firstId: number = 2 ** 49
const lastId: number = 2 ** 49 + 2 ** 48

const cut: ServiceRefusal = { code: 'cut', retryMs: 0 }

export function createSignals({ send, token, onPresence, onMessage }: SignalsPorts): Signals {
  const present = new Set<Identity>()
  /** Of anybody else a hub is believed nothing: it might make up who is there, and see who is dialled then. */
  let asksFor: ReadonlySet<Identity> = new Set()
  const asked = new Map<number, (message: Message) => void>()
  let nextId = firstId
  let isOver = false

  async function ask(
    request: (id: number, token: string) => Message,
    bytes: Uint8Array,
  ): Promise<Result<Message, ServiceRefusal>> {
    const given = await token()
    if (!given.ok) return given
    if (isOver) return err(cut)
    const { promise, resolve } = Promise.withResolvers<Result<Message, ServiceRefusal>>()
    const id = nextId++
    asked.set(id, (message) => {
      asked.delete(id)
      if (message.type === 'error') resolve(err({ code: message.code, retryMs: message.retry }))
      else resolve(ok(message))
    })
    send(request(id, given.value), bytes)
    return promise
  }

  async function choose({ show, hear, open }: Visibility): Promise<Result<true, ServiceRefusal>> {
    // The lists together, cut into messages: of each the shown come first.
    asksFor = new Set(hear)
    const gone = [...present].filter((identity) => !asksFor.has(identity))
    for (const identity of gone) present.delete(identity)
    if (gone.length > 0) onPresence()
    let replace = true
    for (let at = 0; replace || at < show.length + hear.length; at += maxListedIds) {
      const shown = show.slice(at, at + maxListedIds)
      const from = Math.max(0, at - show.length)
      const heard = hear.slice(from, Math.max(from, at + maxListedIds - show.length))
      const counts = { show: shown.length, hear: heard.length }
      const message = { replace, open, ...counts }
      replace = false
      const answer = await ask(
        (id, given) => ({ type: 'online', id, token: given, ...message }),
        writeIdentities([...shown, ...heard]),
      )
      if (!answer.ok) return answer
      if (answer.value.type !== 'onlineas') return err({ code: 'bad-answer', retryMs: null })
    }
    return ok(true)
  }

  return {
    present,
    choose,
    async messageTo(to, payload) {
      const bytes = new Uint8Array(32 + payload.length)
      bytes.set(writeIdentities([to]))
      bytes.set(payload, 32)
      const answer = await ask((id, given) => ({ type: 'messageto', id, token: given }), bytes)
      if (!answer.ok) return answer
      const { value } = answer
      return value.type === 'sent' ? ok(value.outcome) : err({ code: 'bad-answer', retryMs: null })
    },
    take(message, bytes) {
      if ('re' in message && message.re !== null && message.re >= firstId && message.re < lastId) {
        asked.get(message.re)?.(message)
        return true
      }
      if (message.type === 'presence') {
        for (const identity of readIdentities(bytes) ?? []) {
          if (!message.on) present.delete(identity)
          else if (asksFor.has(identity)) present.add(identity)
        }
        onPresence()
        return true
      }
      if (message.type !== 'messagefrom') return false
      const [from] = readIdentities(bytes.subarray(0, 32)) ?? []
      if (from !== undefined) onMessage(from, bytes.slice(32))
      return true
    },
    [Symbol.dispose]() {
      isOver = true
      present.clear()
      for (const answer of [...asked.values()]) answer({ type: 'error', re: null, code: 'cut', retry: 0 })
    },
  }
}
