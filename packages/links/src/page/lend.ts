/**
 * Lends a page's WebRTC to its worker, which has none (decision 0019).
 *
 *     port ─open▶ RTCPeerConnection, its channel ─handed over, if the browser can, or▶ kept: messages copied both ways
 *
 * What waits to be sent is bounded by the worker's link, which hears how much has gone; what comes by the room that this link
 * has told of (M11).
 *
 * @module
 */
import { type Clock, systemClock } from '@effigy/sync'
import { watchChannel } from '../webrtc/data-channel.ts'
import { type LentEvent, type LentRequest, untoldLeftBytes } from '../webrtc/lent-messages.ts'
import type { RtcChannel } from '../webrtc/rtc-port.ts'
import { openPageConnection, type PageConnection } from './connection.ts'
import { watchNetwork } from './webrtc.ts'

export interface LendOptions {
  /** False: channels stay in the page. Default: they are handed over where the browser can. */
  readonly handsOver?: boolean
  readonly clock?: Pick<Clock, 'after'>
}

interface Lent {
  readonly page: PageConnection
  /** Where it stayed here, and is open. */
  channel: RtcChannel | null
  handedBytes: number
  toldBytes: number
  isLookedAt: boolean
}

/** Ms: a link that was closed must see within 2 s that something still leaves (M10), and a hidden page's timers come late. */
const lookMs = 250

/** Serves `port` until it is disposed of; then all connections are closed. */
export function lendRtc(
  port: MessagePort,
  { handsOver = true, clock = systemClock }: LendOptions = {},
): Disposable {
  const connections = new Map<number, Lent>()
  const tell = (event: LentEvent, transfer: Transferable[] = []): void => port.postMessage(event, transfer)

  function open(id: number, options: Extract<LentRequest, { readonly type: 'open' }>['options']): void {
    let page: PageConnection
    try {
      page = openPageConnection(options, {
        onCandidate: (candidate) => tell({ type: 'candidate', id, candidate }),
        onState: (state) => tell({ type: 'state', id, state }),
        onEnd() {
          connections.delete(id)
          tell({ type: 'end', id })
        },
      })
    } catch {
      tell({ type: 'end', id })
      return
    }
    const lent: Lent = { page, channel: null, handedBytes: 0, toldBytes: 0, isLookedAt: false }
    connections.set(id, lent)
    if (!handsOver || !handOver(id, page.channel)) keep(id, lent)
  }

  /** Possible in the task that made it alone. */
  function handOver(id: number, channel: RTCDataChannel): boolean {
    try {
      tell({ type: 'channel', id, channel }, [channel as unknown as Transferable])
      return true
    } catch {
      return false
    }
  }

  function keep(id: number, lent: Lent): void {
    const watched = watchChannel(lent.page.channel, {
      onOpen() {
        void (async () => {
          const facts = await lent.page.facts()
          if (facts === null) return lent.page.end()
          const channel = watched.open(facts)
          lent.channel = channel
          tell({ type: 'open', id, facts })
          channel.listen({
            onMessage: (message) =>
              tell({ type: 'message', id, message }, message === null ? [] : [message.buffer]),
            onLow: () => tellLeft(id, lent, 0),
            onClose() {},
          })
        })()
      },
      onClose: lent.page.end,
    })
  }

  function tellLeft(id: number, lent: Lent, unless: number): void {
    const bytes = lent.handedBytes - (lent.channel?.bufferedBytes ?? 0)
    if (bytes - lent.toldBytes <= unless) return
    lent.toldBytes = bytes
    tell({ type: 'left', id, bytes })
  }

  /** What is below `untoldLeftBytes` and `lowChannelBytes` leaves without a word of the browser's. */
  function lookLater(id: number, lent: Lent): void {
    if (lent.isLookedAt || lent.toldBytes === lent.handedBytes) return
    lent.isLookedAt = true
    clock.after(lookMs, () => {
      lent.isLookedAt = false
      if (connections.get(id) !== lent) return
      tellLeft(id, lent, 0)
      lookLater(id, lent)
    })
  }

  async function answer(call: number, id: number, run: () => Promise<unknown>): Promise<void> {
    try {
      const value = await run()
      if (connections.has(id)) tell({ type: 'done', id, call, value })
    } catch {
      if (connections.has(id)) tell({ type: 'refused', id, call })
    }
  }

  function serve(request: LentRequest): void {
    if (request.type === 'open') open(request.id, request.options)
    else serveOpen(request)
  }

  function serveOpen(request: Exclude<LentRequest, { readonly type: 'open' }>): void {
    const { type, id } = request
    const lent = connections.get(id)
    if (lent === undefined) return
    const { connection, facts } = lent.page
    switch (type) {
      case 'offer':
        void answer(request.call, id, connection.offer)
        return
      case 'stats':
        void answer(request.call, id, connection.stats)
        return
      case 'facts':
        void answer(request.call, id, facts)
        return
      case 'answer':
        void answer(request.call, id, () => connection.answer(request.description))
        return
      case 'accept':
        void answer(request.call, id, async () => {
          await connection.accept(request.description)
          return null
        })
        return
      case 'candidate':
        connection.addCandidate(request.candidate)
        return
      case 'servers':
        connection.setIceServers(request.servers)
        return
      case 'send':
        lent.handedBytes += request.message.length
        lent.channel?.send(request.message)
        tellLeft(id, lent, untoldLeftBytes)
        lookLater(id, lent)
        return
      case 'close':
        connections.delete(id)
        connection.close()
    }
  }

  port.onmessage = ({ data }: MessageEvent<LentRequest>) => serve(data)
  const watching = watchNetwork(() => tell({ type: 'network' }))

  return {
    [Symbol.dispose]() {
      watching[Symbol.dispose]()
      port.onmessage = null
      for (const [id, { page }] of connections) {
        page.connection.close()
        tell({ type: 'end', id })
      }
      connections.clear()
    },
  }
}
