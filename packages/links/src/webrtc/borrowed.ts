/**
 * WebRTC in a worker: connections that a page makes, over a port to it (decision 0019).
 *
 *     RtcPort ─LentRequest▶ page: RTCPeerConnection      its channel ─handed over▶ used here
 *                                                        or each message ─▶ copied by the port
 *
 * @module
 */
import { EffigyError } from '@effigy/sync'
import { type ChannelFacts, watchChannel } from './data-channel.ts'
import type { LentCalls, LentEvent, LentRequest } from './lent-messages.ts'
import {
  lowChannelBytes,
  type RtcChannel,
  type RtcChannelListener,
  type RtcConnection,
  type RtcEvents,
  type RtcPort,
} from './rtc-port.ts'

interface Borrowed {
  take(event: Exclude<LentEvent, { readonly type: 'network' }>): void
}

type Call = (event: Extract<LentEvent, { readonly type: 'done' | 'refused' }> | null) => void

/** `port`: its other end is lent on in a page (`lendRtc`); this side's from now on. */
export function borrowRtc(port: MessagePort): RtcPort {
  const connections = new Map<number, Borrowed>()
  const watchers = new Set<() => void>()
  let made = 0

  port.onmessage = ({ data }: MessageEvent<LentEvent>) => {
    if (data.type === 'network') for (const changed of [...watchers]) changed()
    else connections.get(data.id)?.take(data)
  }

  return {
    canRestart: true,
    open(options, events) {
      const id = ++made
      const post = (request: LentRequest, transfer: Transferable[] = []): void =>
        port.postMessage(request, transfer)
      const borrowed = createBorrowed(id, post, events, () => connections.delete(id))
      connections.set(id, borrowed)
      post({ type: 'open', id, options })
      return borrowed.connection
    },
    watchNetwork(changed) {
      watchers.add(changed)
      return { [Symbol.dispose]: () => void watchers.delete(changed) }
    },
  }
}

function createBorrowed(
  id: number,
  post: (request: LentRequest, transfer?: Transferable[]) => void,
  events: RtcEvents,
  forget: () => void,
): Borrowed & { readonly connection: RtcConnection } {
  const calls = new Map<number, Call>()
  let called = 0
  let isOver = false
  /** Of a channel that stayed in the page. */
  let listener: RtcChannelListener | null = null
  let sentBytes = 0
  let leftBytes = 0

  function over(): void {
    isOver = true
    forget()
    for (const answered of calls.values()) answered(null)
    calls.clear()
  }

  function end(): void {
    if (isOver) return
    over()
    listener?.onClose()
    events.onEnd()
  }

  function call<Name extends keyof LentCalls>(
    name: Name,
    request: (call: number) => LentRequest & { readonly type: Name },
  ): Promise<LentCalls[Name]['gives']> {
    if (isOver) return Promise.reject(new EffigyError('rtc', 'the connection is closed'))
    const number = ++called
    return new Promise((resolve, reject) => {
      calls.set(number, (event) => {
        if (event?.type === 'done') resolve(event.value as LentCalls[Name]['gives'])
        else reject(new EffigyError('rtc', `the page refused: ${name}`))
      })
      post(request(number))
    })
  }

  async function openHere(watched: { open(facts: ChannelFacts): RtcChannel }): Promise<void> {
    const facts = await call('facts', (number) => ({ type: 'facts', id, call: number })).catch(() => null)
    if (isOver) return
    if (facts !== null) return events.onOpen(watched.open(facts))
    post({ type: 'close', id })
    end()
  }

  function take(event: Exclude<LentEvent, { readonly type: 'network' }>): void {
    switch (event.type) {
      case 'channel': {
        const watched = watchChannel(event.channel, { onOpen: () => void openHere(watched), onClose() {} })
        break
      }
      case 'open':
        events.onOpen(channelOf(event.facts))
        break
      case 'done':
      case 'refused': {
        const answered = calls.get(event.call)
        calls.delete(event.call)
        answered?.(event)
        break
      }
      case 'candidate':
        events.onCandidate(event.candidate)
        break
      case 'state':
        events.onState(event.state)
        break
      case 'message':
        listener?.onMessage(event.message)
        break
      case 'left':
        leftBytes = event.bytes
        if (sentBytes - leftBytes <= lowChannelBytes) listener?.onLow()
        break
      case 'end':
        end()
    }
  }

  const channelOf = (facts: ChannelFacts): RtcChannel => ({
    ...facts,
    get bufferedBytes() {
      return sentBytes - leftBytes
    },
    listen(given) {
      listener = given
    },
    send(message) {
      if (isOver) return
      sentBytes += message.length
      // Where it is all of its memory, that goes over without a copy.
      const isWhole = message.buffer instanceof ArrayBuffer && message.buffer.byteLength === message.length
      post({ type: 'send', id, message }, isWhole ? [message.buffer as ArrayBuffer] : [])
    },
  })

  return {
    take,
    connection: {
      offer: () => call('offer', (number) => ({ type: 'offer', id, call: number })),
      answer: (description) =>
        call('answer', (number) => ({ type: 'answer', id, call: number, description })),
      accept: async (description) => {
        await call('accept', (number) => ({ type: 'accept', id, call: number, description }))
      },
      addCandidate(candidate) {
        if (!isOver) post({ type: 'candidate', id, candidate })
      },
      setIceServers(servers) {
        if (!isOver) post({ type: 'servers', id, servers })
      },
      stats: () => call('stats', (number) => ({ type: 'stats', id, call: number })),
      close() {
        if (isOver) return
        over()
        post({ type: 'close', id })
      },
    },
  }
}
