/**
 * WebRTC in a page.
 *
 *     RtcPort ─open▶ RTCPeerConnection ─channel open, facts known▶ onOpen
 *
 * @module
 */
import { watchChannel } from '../webrtc/data-channel.ts'
import type { RtcConnection, RtcEvents, RtcOptions, RtcPort } from '../webrtc/rtc-port.ts'
import { openPageConnection } from './connection.ts'

/** Null: this browser has none, or it was turned off. */
export function openPageRtc({ takesLocal = false }: Pick<RtcPort, 'takesLocal'> = {}): RtcPort | null {
  if (typeof RTCPeerConnection === 'undefined') return null
  return { canRestart: true, takesLocal, open, watchNetwork }
}

function open(options: RtcOptions, events: RtcEvents): RtcConnection {
  const { connection, channel, facts, end } = openPageConnection(options, events)
  const watched = watchChannel(channel, {
    onOpen() {
      void (async () => {
        const known = await facts()
        if (known === null) end()
        else events.onOpen(watched.open(known))
      })()
    },
    onClose: end,
  })
  return connection
}

/** `online`, and where the browser has it the change of the kind of network. */
export function watchNetwork(changed: () => void): Disposable {
  const targets: [EventTarget | undefined, string][] = [
    [globalThis, 'online'],
    [(navigator as { readonly connection?: EventTarget }).connection, 'change'],
  ]
  for (const [target, type] of targets) target?.addEventListener(type, changed)
  return {
    [Symbol.dispose]() {
      for (const [target, type] of targets) target?.removeEventListener(type, changed)
    },
  }
}
