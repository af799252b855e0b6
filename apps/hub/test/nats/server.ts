/**
 * Debian's nats-server on a free port of loopback, with its data in a folder that goes again.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const binary = ['/usr/sbin/nats-server', '/usr/bin/nats-server'].find((path) => existsSync(path)) ?? null

/** What to say where the tests cannot run; null: they can. */
export const natsMissing: string | null =
  binary === null ? 'nats-server is missing (Debian: apt-get install nats-server)' : null

export interface NatsServer extends AsyncDisposable {
  /** `127.0.0.1:4222` */
  readonly address: string
}

export async function startNatsServer(): Promise<NatsServer> {
  if (binary === null) throw new Error('nats-server is missing')
  const folder = mkdtempSync(join(tmpdir(), 'effigy-nats-'))
  // Port -1: any free one.
  const words = ['--addr', '127.0.0.1', '--port', '-1', '--jetstream', '--store_dir', folder]
  const server = spawn(binary, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(server, 'exit')
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  let address: string | null = null
  const said: string[] = []
  for await (const line of createInterface({ input: server.stderr })) {
    said.push(line)
    address ??= /client connections on (\S+)/.exec(line)?.[1] ?? null
    if (line.includes('Server is ready') && address !== null) {
      server.stderr.resume()
      return { address, [Symbol.asyncDispose]: stop }
    }
  }
  await stop()
  throw new Error(`nats-server did not start:\n${said.join('\n')}`)
}
