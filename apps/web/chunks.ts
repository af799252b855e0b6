/**
 * Which modules travel together. What is loaded at one moment comes as one file: a hundred small ones would wait for each
 * other, and compress badly.
 *
 *     build once, as the bundler splits it ─▶ what start, first run, Home, composer and worker load ─▶ groups of the real build
 *
 * @module
 */
import react from '@vitejs/plugin-react'
import { build, type Plugin, type Rolldown, type UserConfig } from 'vite'

type Chunk = Rolldown.OutputChunk

/** As Rolldown takes it: of a module's id the name of its chunk; null: as the bundler likes. */
type Grouping = NonNullable<Exclude<Rolldown.OutputOptions['codeSplitting'], boolean | undefined>>

export interface Groupings {
  readonly page: Grouping
  readonly worker: Grouping
}

/** Builds `base` (without writing anything) and groups by what it found. */
export async function groupByMoment(base: UserConfig): Promise<Groupings> {
  const page: Chunk[] = []
  const worker: Chunk[] = []
  await build({
    ...base,
    configFile: false,
    logLevel: 'error',
    plugins: [react(), recording(page)],
    worker: { ...base.worker, plugins: () => [recording(worker)] },
    build: { ...base.build, write: false, minify: false, reportCompressedSize: false },
  })
  const of = (name: string): ReadonlySet<string> =>
    reached(page, ({ moduleIds }) => moduleIds.some((id) => isFile(id, name)))
  const start = reached(page, ({ isEntry }) => isEntry)
  const welcome = of('screens/welcome/welcome-screen.tsx')
  // Whoever has an account comes to both at once.
  const home = new Set([...of('app/own.tsx'), ...of('screens/home/home-screen.tsx')])
  const invite = of('app/join-invite/read-invite.ts')
  const edge = of('app/at-the-edge.tsx')
  const composer = of('components/composer/composer.tsx')
  const peer = reached(worker, ({ moduleIds }) => moduleIds.some((id) => isFile(id, 'peer.worker.ts')))
  return {
    page: grouping((id) => {
      // Whoever speaks another language than English needs all of its texts, and one after the other.
      const [, language] = /\/words\.(\w+)\.ts$/.exec(id) ?? []
      if (language !== undefined) return `words.${language}`
      if (start.has(id)) return 'start'
      if (welcome.has(id)) return [home, edge, composer].some((set) => set.has(id)) ? 'both' : 'welcome'
      if (home.has(id)) return 'home'
      if (invite.has(id)) return 'invite'
      // Before the composer: what both need must not bring it along.
      if (edge.has(id)) return 'edge'
      if (composer.has(id)) return 'composer'
      return id.includes('/@tabler/icons-react/') ? 'icons' : null
    }),
    worker: grouping((id) => (peer.has(id) ? 'peer' : null)),
  }
}

/** Nothing is pulled along: each of these sets is whole with those before it. */
function grouping(name: (id: string) => string | null): Grouping {
  return { includeDependenciesRecursively: false, groups: [{ name, debugName: 'moments' }] }
}

function recording(into: Chunk[]): Plugin {
  return {
    name: 'recording',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) if (output.type === 'chunk') into.push(output)
    },
  }
}

const isFile = (id: string, name: string): boolean => id.endsWith(`/apps/web/src/${name}`)

/** Modules of the chunks that are meant, and of all that these import before they run. */
function reached(chunks: readonly Chunk[], isMeant: (chunk: Chunk) => boolean): ReadonlySet<string> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const found = new Set(chunks.filter(isMeant))
  if (found.size === 0)
    throw new Error('A part of the app that is loaded as one is not there any more: see chunks.ts.')
  // A set that grows is walked to its end.
  for (const { imports } of found) {
    for (const name of imports) {
      const chunk = byName.get(name)
      if (chunk !== undefined) found.add(chunk)
    }
  }
  return new Set([...found].flatMap(({ moduleIds }) => moduleIds))
}
