/**
 * An app with a peer, as a browser gets it: built by Vite, served on a loopback port.
 *
 *     page.js, peer.worker.ts ─Vite▶ folder ─http▶ http://127.0.0.1:PORT/      POST /told ─JSON▶ told
 *
 * @module
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { build } from 'vite'

export interface BrowserApp extends AsyncDisposable {
  /** With a slash at its end. */
  readonly url: string
}

const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
}

/** What a page says by itself; it hears when that is dealt with. */
export type Told = (fact: unknown) => Promise<void>

/** Of one fact, bytes. */
const maxFactBytes = 65_536

/** `root`: a folder with an `index.html`; the page of tests when omitted. */
export async function serveApp(
  root: string = import.meta.dirname,
  told: Told = async () => {},
): Promise<BrowserApp> {
  const folder = await mkdtemp(join(tmpdir(), 'effigy-browser-app-'))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    base: './',
    worker: { format: 'es' },
    // The target of the app: browsers of a year ago know less.
    build: { outDir: folder, emptyOutDir: true, minify: false, target: 'es2024' },
  })
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/told' && request.method === 'POST') {
      hear(request, told).then(
        () => response.writeHead(204).end(),
        () => response.writeHead(400).end(),
      )
      return
    }
    const file = normalize(pathname === '/' ? '/index.html' : pathname)
    readFile(join(folder, file)).then(
      (bytes) => {
        response.writeHead(200, { 'content-type': kinds[extname(file)] ?? 'application/octet-stream' })
        response.end(bytes)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function hear(request: IncomingMessage, told: Told): Promise<void> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request) {
    length += piece.length
    if (length > maxFactBytes) throw new Error('a page says too much')
    pieces.push(piece)
  }
  await told(JSON.parse(Buffer.concat(pieces).toString()))
}
