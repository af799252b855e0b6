/**
 * A peer's half of signalling over one session with a hub (spec V60-V66).
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
import { whenAborted } from '../when-aborted.ts'

/** Whom this device lets know that it is there, and of whom it wants to know it; 8,192 each at most. */
export interface Visibility {
  readonly show: readonly Identity[]
  readonly hear: readonly Identity[]
  /** Whoever names this device may reach it: while it shows a code. */
  readonly open: boolean
  /** In the room, where the hub has one: shown to all who are in it, and hears of them. */
  readonly room: boolean
}

/** What the hub refused to those whom this device does not show itself to, since it told last. */
export interface Attempted {
  readonly messages: number
  readonly tunnels: number
  /** Some of those who tried. */
  readonly from: readonly Identity[]
}

export interface Signals extends Disposable {
  /** Who is there, of those that are heard of. */
  readonly present: ReadonlySet<Identity>
  /** Who is in the room with us, as the hub says. */
  readonly inRoom: ReadonlySet<Identity>
  /** Says it in place of what was said before; refused with the hub's code, `cut`, or `replaced` by a newer choice. */
  choose(visibility: Visibility): Promise<Result<true, ServiceRefusal>>
  /**
   * `payload`: 1 to 16,384 bytes. `accepted`: the hub does not say. Refused with the hub's code, `cut`, or `busy` while
   * the hub owes too many answers. Rejects with the signal's reason alone.
   */
  messageTo(
    to: Identity,
    payload: Uint8Array,
    signal: AbortSignal,
  ): Promise<Result<Sent['outcome'], ServiceRefusal>>
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
  readonly onAttempts: (attempted: Attempted) => void
}

/** The session's end ends it. */
const never: AbortSignal = new AbortController().signal

/** Above the numbers of replication. */
const firstId: number = 2 ** 49
const lastId: number = 2 ** 49 + 2 ** 48

/** Questions that a hub may leave unanswered: more are not asked of it. */
const maxAsked = 256

/** People in a room of whom a hub is believed. */
const maxInRoom = 1_000

const cut: ServiceRefusal = { code: 'cut', retryMs: 0 }
const replaced: ServiceRefusal = { code: 'replaced', retryMs: null }

/** Whether it is for `take`. */
export function isSignal(message: Message): boolean {
  switch (message.type) {
    case 'presence':
    case 'attempts':
    case 'messagefrom':
      return true
    default:
      return 're' in message && message.re !== null && message.re >= firstId && message.re < lastId
  }
}

/** One for each session with a hub. Disposing it forgets who is there; what is waited for is refused with `cut`. */
export function createSignals(ports: SignalsPorts): Signals {
  const { send, token, onPresence, onMessage, onAttempts } = ports
  const present = new Set<Identity>()
  const inRoom = new Set<Identity>()
  let isInRoom = false
  /** Of anybody else a hub is believed nothing: it might make up who is there, and see who is dialled then. */
  let asksFor: ReadonlySet<Identity> = new Set()
  const asked = new Map<number, (message: Message) => void>()
  let nextId = firstId
  let isOver = false
  let newest = 0
  let choosing: Promise<unknown> = Promise.resolve()

  /** By hand and not as an async function: each message to somebody passes here. */
  function ask(
    request: (id: number, token: string) => Message,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<Result<Message, ServiceRefusal>> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      let id: number | null = null
      let isAborted = false
      const aborted = whenAborted(signal, () => {
        isAborted = true
        if (id !== null) asked.delete(id)
        reject(signal.reason)
      })
      const end = (answer: Result<Message, ServiceRefusal>): void => {
        aborted[Symbol.dispose]()
        resolve(answer)
      }
      const fail = (cause: unknown): void => {
        aborted[Symbol.dispose]()
        if (id !== null) asked.delete(id)
        reject(cause)
      }
      const put = (givenToken: string): void => {
        const own = nextId++
        id = own
        asked.set(own, (message) => {
          asked.delete(own)
          end(message.type === 'error' ? err({ code: message.code, retryMs: message.retry }) : ok(message))
        })
        send(request(own, givenToken), bytes)
      }
      const goOn = (given: Result<string, ServiceRefusal>): void => {
        if (isAborted) return
        if (!given.ok) end(given)
        else if (isOver) end(err(cut))
        else if (asked.size >= maxAsked) end(err({ code: 'busy', retryMs: null }))
        else put(given.value)
      }
      token().then(goOn).catch(fail)
    })
  }

  function forget(set: Set<Identity>, which: (identity: Identity) => boolean): void {
    const gone = [...set].filter(which)
    for (const identity of gone) set.delete(identity)
    if (gone.length > 0) onPresence()
  }

  /** One after the other: what is left of an older choice would show this device to those from whom a newer one hides it. */
  function choose(visibility: Visibility): Promise<Result<true, ServiceRefusal>> {
    const mine = ++newest
    const isNewest = (): boolean => mine === newest
    const chosen = choosing.then(() => chooseNow(visibility, isNewest))
    choosing = chosen
    return chosen
  }

  async function chooseNow(
    { show, hear, open, room }: Visibility,
    isNewest: () => boolean,
  ): Promise<Result<true, ServiceRefusal>> {
    if (!isNewest()) return err(replaced)
    // The lists together, cut into messages: of each the shown come first.
    asksFor = new Set(hear)
    forget(present, (identity) => !asksFor.has(identity))
    isInRoom = room
    if (!room) forget(inRoom, () => true)
    let replace = true
    for (let at = 0; replace || at < show.length + hear.length; at += maxListedIds) {
      const shown = show.slice(at, at + maxListedIds)
      const from = Math.max(0, at - show.length)
      const heard = hear.slice(from, Math.max(from, at + maxListedIds - show.length))
      const counts = { show: shown.length, hear: heard.length }
      const message = { replace, open, room, ...counts }
      replace = false
      const answer = await ask(
        (id, given) => ({ type: 'online', id, token: given, ...message }),
        writeIdentities([...shown, ...heard]),
        never,
      )
      if (!answer.ok) return answer
      if (!isNewest()) return err(replaced)
      if (answer.value.type !== 'onlineas') return err({ code: 'bad-answer', retryMs: null })
    }
    return ok(true)
  }

  return {
    present,
    inRoom,
    choose,
    async messageTo(to, payload, signal) {
      const bytes = new Uint8Array(32 + payload.length)
      bytes.set(writeIdentities([to]))
      bytes.set(payload, 32)
      const answer = await ask((id, given) => ({ type: 'messageto', id, token: given }), bytes, signal)
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
        const set = message.room ? inRoom : present
        for (const identity of readIdentities(bytes) ?? []) {
          if (!message.on) set.delete(identity)
          else if (message.room ? isInRoom && inRoom.size < maxInRoom : asksFor.has(identity))
            set.add(identity)
        }
        onPresence()
        return true
      }
      if (message.type === 'attempts') {
        const { messages, tunnels } = message
        onAttempts({ messages, tunnels, from: readIdentities(bytes) ?? [] })
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
      inRoom.clear()
      for (const answer of [...asked.values()]) answer({ type: 'error', re: null, code: 'cut', retry: 0 })
    },
  }
}
