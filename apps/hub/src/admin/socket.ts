/**
 * A way to administration for who is on the machine of the hub: a socket in the home, whatever address, proxy or certificate
 * the hub has for others.
 *
 *     hub admin … ─▶ HOME/admin.sock (0600) ─▶ the same operations, with the same key
 *
 * @module
 */
import { createServer } from 'node:http'
import { join } from 'node:path'
import { httpServerLimits } from '@effigy/links/node'
import type { Clock, Log } from '@effigy/sync'
import { listenLocally } from '../http/local-socket.ts'
import { createListener } from '../http/server.ts'
import type { Administration } from './administration.ts'

/** A line of a person each; nobody needs many. */
const maxConnections = 16

export function socketIn(home: string): string {
  return join(home, 'admin.sock')
}

/**
 * Listens in the home, whose lock the caller has, until disposed. Where it cannot (a path too long for a socket), the log
 * says so, and the hub goes on without.
 */
export async function offerAdministration(
  home: string,
  administration: Pick<Administration, 'answer'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<AsyncDisposable> {
  const answer: Administration['answer'] = (asked) => administration.answer({ ...asked, isLocal: true })
  const server = createServer(httpServerLimits, createListener({ answer, trustProxy: false, clock, log }))
  server.maxConnections = maxConnections
  return listenLocally(server, socketIn(home), (code) => log.warn('admin.unreachable', { code }))
}
