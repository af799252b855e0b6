/**
 * What the worker of an app loads: its two lines are built with Vite, as an app would, and the gzipped bytes are counted by
 * whose they are (decision 0022).
 *
 *     build ─▶ chunks loaded at the start, and later
 *     build again, each part of the start a chunk of its own ─▶ bytes of core … links, of peer, of SQLite
 *
 * @module
 */
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

/** `five`: core, crypto, sync, store and links with their libraries; `sqlite`: the JavaScript around the wasm. */
export type Part = 'five' | 'peer' | 'sqlite'

/** All in gzipped bytes. */
export interface BrowserSize {
  /** Loaded before the worker runs, without SQLite's. */
  readonly start: number
  /** Loaded on demand: by the library, or the module that everything is for. */
  readonly later: ReadonlyMap<string, number>
}

export interface BrowserParts {
  readonly start: Readonly<Record<Part, number>>
  /** By package of a library or folder of ours: about what it has of its part. */
  readonly shares: ReadonlyMap<string, number>
}

type Chunk = Rolldown.OutputChunk

const entryId = 'virtual:peer.worker'
const entryCode = `import { runPeerWorker } from '@effigy/peer/browser'\nrunPeerWorker(self)\n`

export async function measureBrowserSize(): Promise<BrowserSize> {
  const chunks = await buildWorker((id) => (partOf(id) === 'sqlite' ? 'sqlite' : null))
  const first = loadedFirst(chunks)
  let start = 0
  const later = new Map<string, number>()
  for (const chunk of chunks) {
    if (!first.has(chunk)) later.set(libraryOf(chunk.facadeModuleId ?? '') ?? chunk.name, gzipped(chunk.code))
    else if (chunk.name !== 'sqlite') start += gzipped(chunk.code)
  }
  return { start, later }
}

/** Takes two builds: only the first one tells what is loaded at the start. */
export async function measureBrowserParts(): Promise<BrowserParts> {
  const starting = new Set(
    [...loadedFirst(await buildWorker(() => null))].flatMap((chunk) => chunk.moduleIds),
  )
  const chunks = await buildWorker((id) => (starting.has(id) ? partOf(id) : null))
  const start = { five: 0, peer: 0, sqlite: 0 }
  const shares = new Map<string, number>()
  for (const chunk of loadedFirst(chunks)) {
    start[partOf(chunk.moduleIds[0] ?? '')] += gzipped(chunk.code)
    for (const [name, share] of sharesOf(chunk)) shares.set(name, (shares.get(name) ?? 0) + share)
  }
  return { start, shares }
}

/** `chunkOf` names the chunk that a module goes to; null: as the bundler likes. */
async function buildWorker(chunkOf: (id: string) => string | null): Promise<readonly Chunk[]> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    plugins: [
      {
        name: 'worker-of-an-app',
        resolveId: (id) => (id === entryId ? id : null),
        load: (id) => (id === entryId ? entryCode : null),
      },
    ],
    build: {
      write: false,
      target: 'es2024',
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: entryId,
        output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: chunkOf }] } },
      },
    },
  })
  return [built].flat().flatMap((result) => ('output' in result ? result.output.filter(isChunk) : []))
}

function isChunk(output: Chunk | Rolldown.OutputAsset): output is Chunk {
  return output.type === 'chunk'
}

/** The entry, and what it imports before it runs. */
function loadedFirst(chunks: readonly Chunk[]): ReadonlySet<Chunk> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const found = new Set(chunks.filter(({ isEntry }) => isEntry))
  // A set that grows is walked to its end.
  for (const { imports } of found) {
    for (const name of imports) {
      const chunk = byName.get(name)
      if (chunk !== undefined) found.add(chunk)
    }
  }
  return found
}

function partOf(id: string): Part {
  if (id.includes('/@sqlite.org/')) return 'sqlite'
  return id === entryId || id.includes('/packages/peer/') ? 'peer' : 'five'
}

/** `@noble/curves`, `sync/replication`, `core/entry.ts`. */
function ownerOf(id: string): string {
  const library = libraryOf(id)
  if (library !== null) return library
  const [, name, folder] = /packages\/([^/]+)\/src\/([^/]+)/.exec(id) ?? []
  return name === undefined ? 'bundler' : `${name}/${folder}`
}

function libraryOf(id: string): string | null {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? null
}

/** The chunk's bytes, in the proportion in which its modules gzip by themselves before they are minified. */
function sharesOf(chunk: Chunk): readonly (readonly [owner: string, bytes: number])[] {
  const code = new Map<string, string>()
  for (const [id, module] of Object.entries(chunk.modules)) {
    const owner = ownerOf(id)
    code.set(owner, (code.get(owner) ?? '') + (module.code ?? ''))
  }
  const alone = [...code].map(([owner, text]) => [owner, gzipped(text)] as const)
  const sum = alone.reduce((total, [, bytes]) => total + bytes, 0)
  return alone.map(([owner, bytes]) => [owner, (bytes / sum) * gzipped(chunk.code)])
}

function gzipped(text: string): number {
  return gzipSync(text, { level: 9 }).length
}
