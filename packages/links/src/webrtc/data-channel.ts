/**
 * A browser's RTCDataChannel as the channel of the port, in a page or in the worker that it was handed to.
 *
 *     RTCDataChannel ─message, bufferedamountlow, close▶ RtcChannelListener
 *
 * @module
 */
import { freeBytes } from '@effigy/sync'
import { lowChannelBytes, type RtcChannel, type RtcChannelListener } from './rtc-port.ts'

/** What we use of an RTCDataChannel: workers have it without having its type. */
export interface PlatformChannel {
  binaryType: string
  bufferedAmountLowThreshold: number
  readonly bufferedAmount: number
  readonly readyState: string
  send(message: Uint8Array<ArrayBuffer>): void
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void
}

/** What the two sides proved to each other, and how long a message may be. */
export interface ChannelFacts {
  readonly maxMessageBytes: number
  readonly ownFingerprint: Uint8Array
  readonly otherFingerprint: Uint8Array
}

export interface WatchedChannel {
  /** Once the facts are known, and at once followed by `listen`. */
  open(facts: ChannelFacts): RtcChannel
}

/** Bytes before there is a listener, a moment after the opening; M11 allows as many, in messages of 256 bytes and more. */
const maxEarlyBytes: number = 64 * 1024
const earlyOverheadBytes = 256

/** From now on nothing of what `channel` says is missed. `onOpen` and `onClose` come once each. */
export function watchChannel(
  channel: PlatformChannel,
  { onOpen, onClose }: { onOpen(): void; onClose(): void },
): WatchedChannel {
  const early: (Uint8Array | null)[] = []
  let earlyBytes = 0
  let listener: RtcChannelListener | null = null
  let isOpen = false
  let isOver = false

  function close(): void {
    if (isOver) return
    isOver = true
    listener?.onClose()
    onClose()
  }

  function open(): void {
    if (isOpen) return
    isOpen = true
    onOpen()
  }

  channel.binaryType = 'arraybuffer'
  channel.bufferedAmountLowThreshold = lowChannelBytes
  channel.addEventListener('open', open)
  channel.addEventListener('message', ({ data }) => {
    if (isOver) return
    const message = data instanceof ArrayBuffer ? new Uint8Array(data) : null
    if (listener !== null) {
      listener.onMessage(message)
      return
    }
    early.push(message)
    earlyBytes += Math.max(0, (message?.length ?? 0) - 1) + earlyOverheadBytes
    if (earlyBytes <= maxEarlyBytes) return
    early.length = 0
    close()
  })
  channel.addEventListener('bufferedamountlow', () => {
    if (!isOver) listener?.onLow()
  })
  channel.addEventListener('close', close)
  // 'close' follows.
  channel.addEventListener('error', () => {})
  // One that was handed over may have opened on the way.
  if (channel.readyState === 'open') queueMicrotask(open)

  return {
    open: (facts) => ({
      ...facts,
      get bufferedBytes() {
        return channel.bufferedAmount
      },
      listen(given) {
        listener = given
        for (const message of early.splice(0)) given.onMessage(message)
        // It was over before anybody could hear of it.
        if (isOver) queueMicrotask(given.onClose)
      },
      send(message) {
        if (isOver || channel.readyState !== 'open') return
        try {
          // It copies.
          channel.send(message as Uint8Array<ArrayBuffer>)
          freeBytes(message)
        } catch {
          // Its buffer is full, or it closed meanwhile.
          close()
        }
      },
    }),
  }
}
