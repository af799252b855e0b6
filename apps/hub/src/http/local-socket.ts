/**
 * A server for who is on the machine of the hub: a socket in its home, which nobody else of the machine can open.
 *
 *     server ─▶ HOME/name.sock (0600)
 *
 * @module
 */
import { chmodSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'

/**
 * Listens at `path`, in a home whose lock the caller has, until disposed. Where it cannot (a path too long for a socket),
 * `failed` hears the code of the system's error, and the hub goes on without.
 */
export async function listenLocally(
  server: Server,
  path: string,
  failed: (code: string) => void,
): Promise<AsyncDisposable> {
  // What is left of a process that was killed.
  rmSync(path, { force: true })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(path, resolve)
  try {
    await promise
    chmodSync(path, 0o600)
  } catch (error) {
    failed((error as NodeJS.ErrnoException).code ?? 'unexpected')
  }
  return {
    async [Symbol.asyncDispose]() {
      if (!server.listening) return
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      await closed
      rmSync(path, { force: true })
    },
  }
}
