/**
 * A session at a hub that calls its services and hears what else comes: somebody without a peer of their own.
 *
 * @module
 */
import { type Identity, identityOfKey, type Signer } from '@effigy/core'
import { dialWebSocket } from '@effigy/links/node'
import {
  type CallClient,
  createCallClient,
  defaultServiceLimits,
  type Message,
  type Session,
  systemClock,
} from '@effigy/sync'
import { openAs } from './hub-world.ts'

export interface Caller extends AsyncDisposable {
  readonly identity: Identity
  readonly session: Session
  readonly calls: CallClient
  /** Cuts the connection without a word. */
  cut(): void
}

/** `onMessage` hears what answers no call. */
export async function openCaller(
  { url, identity: hub }: { readonly url: string; readonly identity: Identity },
  signer: Signer,
  signal: AbortSignal,
  onMessage: (message: Message, bytes: Uint8Array) => void = () => {},
): Promise<Caller> {
  const link = await dialWebSocket(url, { clock: systemClock, signal })
  const session = await openAs(signer, link, hub, signal)
  const calls = createCallClient({
    send: (message, bytes) => session.send(message, bytes),
    limits: defaultServiceLimits,
  })
  const reading = (async () => {
    for await (const { message, bytes } of session.receive()) {
      if (!calls.take(message, bytes)) onMessage(message, bytes)
    }
    calls[Symbol.dispose]()
  })()
  return {
    identity: identityOfKey(signer.publicKey),
    session,
    calls,
    cut: () => link.close(),
    async [Symbol.asyncDispose]() {
      await session.end('done')
      await reading
    },
  }
}
