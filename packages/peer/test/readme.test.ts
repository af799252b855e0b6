/** The README says what the code does: its example runs, its codes are the codes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { memoryPair } from '@effigy/links'
import { silentLog, systemClock } from '@effigy/sync'
import { describe, expect, test } from 'vitest'
import { createHome, openNodePeer } from '../src/node.ts'
import { connectionCodes, explainConnection, finalCodes } from '../src/trouble.ts'
import { note } from './world.ts'

const packageFolder = new URL('..', import.meta.url).pathname
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8')
const rows = Array.from(readme.split('## Codes')[1]?.matchAll(/^\| (`.*?) \| (.*?) \| (.*) \|$/gm) ?? [])
const codesOf = (cell: string) => Array.from(cell.matchAll(/`([a-z-]+)`/g), ([, code]) => code as string)
const listed = new Set(rows.flatMap(([, cell]) => codesOf(cell ?? '')))

describe('codes', () => {
  test('every code that is thrown here stands in the table', () => {
    const sources = readdirSync(join(packageFolder, 'src'), { recursive: true, encoding: 'utf8' })
    const thrown = sources
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .flatMap((name) => {
        const text = readFileSync(join(packageFolder, 'src', name), 'utf8')
        return Array.from(text.matchAll(/EffigyError\(\s*'([a-z-]+)'/g), ([, code]) => code as string)
      })
    expect(thrown.length).toBeGreaterThan(20)
    expect(thrown.filter((code) => !listed.has(code))).toEqual([])
  })

  test('every code of a connection stands there, final where it is, and is explained in whole sentences', () => {
    const ofConnections = rows.filter(([, , where]) => where === 'connection')
    expect(ofConnections.flatMap(([, cell]) => codesOf(cell ?? '')).toSorted()).toEqual(
      connectionCodes.toSorted(),
    )
    for (const [, cell = '', , meaning = ''] of ofConnections) {
      for (const code of codesOf(cell)) {
        expect([code, meaning.endsWith('; final')]).toEqual([code, finalCodes.has(code)])
        expect(explainConnection(code)).toMatch(/^[A-Z].*[.…]$/)
      }
    }
    expect(explainConnection('never-heard-of')).toContain('never-heard-of')
  })
})

test('the example runs', async () => {
  const folder = mkdtempSync(join(packageFolder, 'test', 'readme-'))
  using _cleaning = { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
  await createHome(join(folder, 'bob'))
  await using bob = await openNodePeer({
    home: join(folder, 'bob'),
    clock: systemClock,
    log: silentLog,
    verifyThreads: 0,
  })
  await bob.publish(note('Hello Alice'))
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(16)
  // The names that the example leaves open, and a way to Bob without a socket.
  const [imports = '', body = ''] = example.split(/\n\n(.*)/s)
  const source = `${imports}
import type { Identity } from '@effigy/core'
import type { Link } from '@effigy/sync'
interface World { folder: string; bob: Identity; address: string; signal: AbortSignal; dial: () => Promise<Link>; show: (items: readonly unknown[]) => void }
export async function run({ folder, bob, address, signal, dial, show }: World): Promise<void> {
${body.replace('...open })', '...open, dial, verifyThreads: 0 })')}
}
`
  const file = join(folder, 'example.ts')
  writeFileSync(file, source.replaceAll('@effigy/peer/node', '../../src/node.ts'))
  const { run } = (await import(/* @vite-ignore */ file)) as { run: (world: object) => Promise<void> }
  const stop = new AbortController()
  const shown: string[] = []
  await run({
    folder,
    bob: bob.identity,
    address: `memory:bob#${bob.identity}`,
    signal: stop.signal,
    async dial() {
      const [near, far] = memoryPair()
      void bob.accept(far)
      return near
    },
    show(items: readonly { state: { payload?: { text?: string } } }[]) {
      shown.push(...items.map(({ state }) => state.payload?.text ?? ''))
      stop.abort()
    },
  })
  expect(shown.toSorted()).toEqual(['Hello Alice', 'Hello Bob'])
})
