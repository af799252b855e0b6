/** What people copy from us: settings that exist, ports that agree, files that say what they claim. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { probesWith } from '../../test/hub-world.ts'
import { parseCommandLine } from '../config/command-line.ts'
import { configVariable, readConfig } from '../config/config.ts'
import { flagOf, optionKeys, options, variableOf } from '../config/options.ts'
import { hubFamilies } from './families.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const recipes = join(root, 'apps/hub/recipes')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const recipe = (name: string): string => readFileSync(join(recipes, name), 'utf8')

const pages = [
  ...['admin', 'backup', 'following', 'running', 'turn', 'upgrading'].map((name) => `docs/hub/${name}.md`),
  'apps/hub/README.md',
]
const texts = [
  ...readdirSync(recipes).map((name) => [name, recipe(name)] as const),
  ...pages.map((path) => [path, read(path)] as const),
]

const knownVariables = new Set([...optionKeys.map(variableOf), 'EFFIGY_HOME', configVariable])
/** Whom pages leave open. */
const somebody = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const knownKeys = new Set<string>(optionKeys)

describe('settings in recipes and pages exist', () => {
  test.for(texts)('variables of %s', ([, text]) => {
    for (const [name] of text.matchAll(/\bEFFIGY_[A-Z_]+\b/g)) expect(knownVariables, name).toContain(name)
  })

  test.for(texts)('objects of settings in %s', ([, text]) => {
    for (const [, json = ''] of text.matchAll(/```json\n(.*?)```/gs)) {
      const loaded = readConfig({
        flags: new Map(),
        environment: {},
        file: { path: 'hub.json', text: json.replaceAll('did:key:z6Mk…', somebody), named: true },
        defaultHome: '/nowhere',
      })
      expect(loaded, json).toMatchObject({ ok: true })
    }
  })

  test.for(texts)('command lines in %s', ([, text]) => {
    for (const [, words = ''] of text.matchAll(/^(?:hub|npm start) (?:-- )?(--.*)$/gm)) {
      const line = parseCommandLine(words.replace(/#.*/, '').trim().split(/ +/))
      expect(line.ok, words).toBe(true)
      if (!line.ok) continue
      for (const flag of line.value.flags.keys()) expect(optionKeys.map(flagOf), words).toContain(flag)
    }
  })

  test('names of settings in what goes before a proxy', () => {
    for (const name of ['Caddyfile', 'nginx.conf', 'cloudflared.yml']) {
      const [, line = ''] = /settings with it: (.*)$/m.exec(recipe(name)) ?? []
      const keys = Array.from(line.matchAll(/\b([a-z]\w*) [^,]+/gi), ([, key]) => key as string)
      expect(keys.length, name).toBeGreaterThan(2)
      for (const key of keys) expect(knownKeys, `${name}: ${key}`).toContain(key)
    }
  })
})

describe('ports and paths agree', () => {
  test('the port is the one that the hub takes by itself', () => {
    const port = String(options.port.fallback)
    for (const name of [
      'Caddyfile',
      'nginx.conf',
      'cloudflared.yml',
      'compose.yaml',
      'Dockerfile',
      'effigy-tunnel.service',
    ]) {
      const ports = Array.from(
        recipe(name).matchAll(/(?:127\.0\.0\.1|hub|EXPOSE|EFFIGY_PORT)[:= ](\d{2,5})\b/g),
        ([, found]) => found,
      )
      expect(ports.length, name).toBeGreaterThan(0)
      expect(new Set(ports), name).toEqual(new Set([port]))
    }
  })

  test("proxies wait for longer than the hub's pings need", () => {
    const seconds = Array.from(
      recipe('nginx.conf').matchAll(/proxy_(?:read|send)_timeout (\d+)s/g),
      ([, found]) => Number(found),
    )
    expect(seconds).toEqual([90, 90])
    expect(recipe('nginx.conf')).toMatch(/proxy_set_header Upgrade \$http_upgrade/)
  })

  test('what is started is there', () => {
    for (const name of ['Dockerfile', 'compose.yaml', 'effigy-hub.service']) {
      const [, main] = /(apps\/hub\/src\/main\.ts)/.exec(recipe(name)) ?? []
      expect(existsSync(join(root, main ?? 'none')), name).toBe(true)
    }
    const links = pages.flatMap((page) =>
      Array.from(read(page).matchAll(/\]\((\.\.?\/[^)#]+)\)/g), ([, to]) => join(root, page, '..', to ?? '')),
    )
    expect(links.length).toBeGreaterThan(5)
    for (const link of links) expect(existsSync(link), link).toBe(true)
  })

  test('what a container is built of is there, and is sent to who builds it', () => {
    const sent = recipe('Dockerfile.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
    const copied = Array.from(
      recipe('Dockerfile').matchAll(/^COPY (?!--)(.*) \S+$/gm),
      ([, from = '']) => from,
    )
    expect(copied.length).toBeGreaterThan(3)
    for (const from of copied.flatMap((line) => line.split(' '))) {
      expect(sent, from).toContain(from)
      expect(existsSync(join(root, from)), from).toBe(true)
    }
  })

  test('pages and the container build the web app before its tools are left out again', () => {
    for (const page of ['docs/hub/running.md', 'docs/hub/upgrading.md']) {
      expect(read(page), page).toContain(
        'npm ci && npm run build:web && npm ci --workspace apps/hub --omit=dev --ignore-scripts',
      )
    }
    expect(recipe('Dockerfile')).toMatch(
      /npm run build:web[\s\S]*COPY --from=app \S+apps\/web\/dist apps\/web\/dist/,
    )
  })

  test('time for a stop is longer than a stop takes', () => {
    expect(recipe('effigy-hub.service')).toContain('TimeoutStopSec=15')
    expect(recipe('compose.yaml')).toContain('stop_grace_period: 15s')
  })
})

test.for(['compose.yaml', 'cloudflared.yml'])('%s: the shape of YAML (there is no parser here)', (name) => {
  for (const line of recipe(name).split('\n')) {
    expect(line, 'no tabs, no blanks at the end, two blanks a level').toMatch(
      /^(?: {2})*(?:[^\s].*[^\s]|[^\s])?$/,
    )
  }
})

test.for(['Caddyfile', 'nginx.conf'])('%s: each brace is closed', (name) => {
  const bare = recipe(name).replaceAll(/#.*|\{\$[^}]*\}/g, '')
  const depths = Array.from(bare.matchAll(/[{}]/g), ([brace]) => (brace === '{' ? 1 : -1))
  let depth = 0
  for (const step of depths) {
    depth += step
    expect(depth).toBeGreaterThanOrEqual(0)
  }
  expect(depth).toBe(0)
})

test('an image without development packages has all that the hub loads, and no script runs for it', () => {
  const lock = JSON.parse(read('package-lock.json')).packages as Record<
    string,
    {
      readonly dev?: boolean
      readonly hasInstallScript?: boolean
      readonly link?: boolean
      readonly resolved?: string
      readonly dependencies?: Record<string, string>
    }
  >
  const seen = new Set<string>()
  const find = (from: string, name: string): string => {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`
      if (path in lock) return path
      if (at === '' || !at.includes('/node_modules/')) return `node_modules/${name}`
    }
  }
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    const found = lock[path]
    expect(found, path).toBeDefined()
    if (found?.link === true) {
      visit(found.resolved ?? '')
      return
    }
    expect([path, found?.dev === true, found?.hasInstallScript === true]).toEqual([path, false, false])
    for (const name of Object.keys(found?.dependencies ?? {})) visit(find(path, name))
  }
  visit('apps/hub')
  expect(seen.size).toBeGreaterThan(20)
})

const analyze = spawnSync('systemd-analyze', ['--version'], { timeout: 60_000 }).status === 0

describe.skipIf(!analyze)('by systemd-analyze (skipped where it is missing)', () => {
  test.for(['effigy-hub.service', 'effigy-tunnel.service'])('%s verifies', (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'effigy-unit-'))
    const unit = join(folder, name)
    // Neither Node nor ssh has to stand where it will.
    writeFileSync(unit, recipe(name).replaceAll(/\/usr\/bin\/(?:node|ssh)/g, '/bin/true'))
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
      ...{ encoding: 'utf8', timeout: 60_000 },
    })
    rmSync(folder, { recursive: true })
    expect((stdout + stderr).split('\n').filter((line) => line.includes(name))).toEqual([])
  })
})

test('every metric stands in docs/hub/running.md, and none that there is not', () => {
  const families = hubFamilies({
    version: '1',
    tally: { events: new Map(), closed: new Map(), refused: new Map() },
    acceptor: { traffic: {} } as never,
    probes: probesWith(),
    store: {} as never,
    state: () => ({}) as never,
    readiness: () => ({}) as never,
    relayedBytes: () => 0,
    certificateEnds: () => null,
  })
  const named = families.map(({ name, label }) => `effigy_${name}${label === undefined ? '' : `{${label}}`}`)
  const table = Array.from(
    read('docs/hub/running.md').matchAll(/`(effigy_[a-z_]+(?:\{[a-z]+\})?)`/g),
    ([, name]) => name,
  )
  const without = (name = ''): string => name.replace(/\{.*/, '')
  for (const name of table) expect(named.map(without), name).toContain(without(name))
  for (const name of named) expect(table).toContain(name)
})
