/**
 * Messages to and from a STUN or TURN server, over UDP, TCP or TLS.
 *
 *     IceUrl ─openTransport▶ send(message), onMessage(message)
 *
 * @module
 */
import { createSocket } from 'node:dgram'
import { createConnection } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { EffigyError } from '@effigy/core'
import type { IceUrl } from '@effigy/sync'
import { headerBytes, maxStunBytes } from './stun-message.ts'

export interface Transport extends Disposable {
  /** What is lost is said by nobody. */
  send(message: Uint8Array): void
  /** UDP loses messages: what is not answered is sent again. */
  readonly isReliable: boolean
}

/** Ms until a stream must be open, with its certificate read. */
const openingMs = 5_000

/** Rejects with `EffigyError` 'relay-unreachable' (also over DTLS, which is not spoken here), or the signal's reason. */
export async function openTransport(
  url: IceUrl,
  onMessage: (message: Uint8Array) => void,
  signal: AbortSignal,
): Promise<Transport> {
  signal.throwIfAborted()
  const isSecure = url.scheme === 'turns' || url.scheme === 'stuns'
  if (url.transport === 'tcp') return openStream(url, isSecure, onMessage, signal)
  if (isSecure) throw new EffigyError('relay-unreachable', 'DTLS is not spoken here.')
  return openDatagrams(url, onMessage)
}

async function openDatagrams(
  { host, port }: IceUrl,
  onMessage: (message: Uint8Array) => void,
): Promise<Transport> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.on('error', reject)
  // Only from there: a connected socket takes nothing of others.
  socket.connect(port, host, () => resolve())
  try {
    await promise
  } catch (cause) {
    socket.close()
    throw new EffigyError('relay-unreachable', `${host} cannot be reached.`, { cause })
  }
  socket.on('message', onMessage)
  return {
    isReliable: false,
    // A port that nobody listens at is an error of the next message: the answer that does not come says so too.
    send: (message) => socket.send(message, () => {}),
    [Symbol.dispose]: () => socket.close(),
  }
}

async function openStream(
  { host, port }: IceUrl,
  isSecure: boolean,
  onMessage: (message: Uint8Array) => void,
  signal: AbortSignal,
): Promise<Transport> {
  const socket = isSecure
    ? connectTls({ host, port, ...(host.includes(':') ? {} : { servername: host }) })
    : createConnection({ host, port })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  socket.once(isSecure ? 'secureConnect' : 'connect', resolve)
  const fail = (cause: unknown): void =>
    reject(new EffigyError('relay-unreachable', `${host} cannot be reached.`, { cause }))
  socket.on('error', fail)
  socket.setTimeout(openingMs, () => fail({ code: 'ETIMEDOUT' }))
  try {
    await promise
    socket.setTimeout(0)
  } catch (cause) {
    socket.destroy()
    throw cause
  } finally {
    signal.removeEventListener('abort', abort)
  }
  frameStream(socket, onMessage)
  return {
    isReliable: true,
    send: (message) => void socket.write(message),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

/** Each message tells its length; one that would be too long ends the stream. */
export function frameStream(stream: Duplex, onMessage: (message: Uint8Array) => void): void {
  let kept: Buffer = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    for (;;) {
      const length = lengthOf(kept)
      if (length !== null && length > maxStunBytes) {
        stream.destroy()
        return
      }
      if (length === null || kept.length < length) return
      onMessage(kept.subarray(0, length))
      kept = kept.subarray(length)
    }
  })
}

/** Of the first message, padding included; null where not enough is here to tell. */
function lengthOf(bytes: Buffer): number | null {
  if (bytes.length < 4) return null
  const length = bytes.readUInt16BE(2)
  // The two highest bits tell a STUN message from data of a channel (RFC 8656, 12.4).
  return (bytes[0] ?? 0) < 0x40 ? headerBytes + length : 4 + Math.ceil(length / 4) * 4
}
