/**
 * Dials over `ws`: the same as `websocket.ts`, with back-pressure both ways.
 *
 * @module
 */
import { EffigyError, type Link } from '@effigy/sync'
import { WebSocket } from 'ws'
import type { DialOptions } from '../websocket.ts'
import { webSocketLimits, webSocketLink } from './ws-link.ts'

/** Ms for TCP, TLS and the upgrade together. */
const handshakeTimeoutMs = 10_000

/** `ws:` or `wss:`. Throws `EffigyError`: `bad-address`, or `unreachable`; or the signal's reason. */
export async function dialWebSocket(url: string, { signal }: DialOptions): Promise<Link> {
  signal.throwIfAborted()
  const socket = openSocket(url)
  // From the start: the first message may come in the same packet as the upgrade.
  const link = webSocketLink(socket)
  const abort = (): void => socket.terminate()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', (cause) =>
        reject(new EffigyError('unreachable', 'the WebSocket did not open', { cause })),
      )
      socket.once('close', () => reject(new EffigyError('unreachable', 'the WebSocket did not open')))
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
  return link
}

function openSocket(url: string): WebSocket {
  // `ws` dials `http:` and, by `ws+unix:`, sockets of this machine too; addresses come from others.
  if (!/^wss?:\/\//i.test(url)) throw new EffigyError('bad-address', 'not the address of a WebSocket')
  try {
    return new WebSocket(url, {
      ...webSocketLimits,
      handshakeTimeout: handshakeTimeoutMs,
      followRedirects: false,
    })
  } catch (cause) {
    throw new EffigyError('bad-address', 'not the address of a WebSocket', { cause })
  }
}
