/** A worker that borrows WebRTC of its page, offers or answers, and sends back what comes; signals go by the port of the test. */
import { silentLog, systemClock } from '@effigy/sync'
import { borrowRtc } from '../src/webrtc/borrowed.ts'
import { negotiate } from '../src/webrtc/negotiate.ts'

export interface BorrowingStart {
  readonly rtc: MessagePort
  readonly signals: MessagePort
}

globalThis.onmessage = ({ data: { rtc, signals } }: MessageEvent<BorrowingStart>) => {
  const negotiation = negotiate({
    rtc: borrowRtc(rtc),
    clock: systemClock,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    log: silentLog,
    polite: true,
    policy: () => 'all',
    iceServers: async () => [],
    send: (signal) => signals.postMessage(signal),
    async onLink(link) {
      for await (const frame of link.receive()) {
        link.send(frame)
        if (link.bufferedBytes > 1024 * 1024) await link.drained(new AbortController().signal)
      }
    },
    signal: new AbortController().signal,
  })
  signals.onmessage = ({ data }: MessageEvent<unknown>) => void negotiation.receive(data)
}
