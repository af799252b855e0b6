/**
 * `npm test`: installs what is missing, then lint, types, unit and property tests,
 * browser tests and the end-to-end example. Stops at the first stage that fails.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { begin } from './beside.mjs'
import { buildWeb } from './build-web.mjs'
import { needDebian } from './debian.mjs'
import { installPackages, run } from './install.mjs'

installPackages()
const hasChromium = needDebian('/usr/bin/chromium', ['chromium'], 'browser tests')
// The unit tests look for it themselves, and say where it is not.
needDebian('/usr/bin/age', ['age'], 'interoperability with age')
needDebian('/usr/bin/firefox-esr', ['firefox-esr'], 'the smoke test in Firefox')
needDebian('/usr/bin/turnserver', ['coturn'], 'the relay with coturn')
needDebian('/usr/sbin/nats-server', ['nats-server'], 'the ports of the hub with NATS')
const reports = mkdtempSync(join(tmpdir(), 'effigy-test-'))
const counts = { passed: 0, failed: 0, skipped: 0 }

/** It asks nothing of the clock, and takes what the other tests leave of the machine while they wait for pages. */
const seeds = {
  name: 'simulation: 100 seeds of 20 peers',
  begun: null,
  begin() {
    const args = ['tools/simulate/main.ts', '--peers', '20', '--seeds', '100', '--jobs', '2']
    this.begun = begin('seeds', 'node', args, { folder: reports, isPatient: true })
    return 0
  },
  code() {
    return this.begun.code()
  },
}

const stages = [
  { name: 'supply chain', run: () => run('node', ['tools/check-supply.mjs']) },
  { name: 'lint', run: () => run('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'types (neutral)', run: () => run('tsc', ['-p', 'tsconfig.neutral.json']) },
  { name: 'types (page)', run: () => run('tsc', ['-p', 'tsconfig.page.json']) },
  { name: 'web app', run: buildWeb },
  { name: 'types (node)', run: () => run('tsc', ['-p', 'tsconfig.node.json']) },
  { name: `${seeds.name}, begun`, run: () => seeds.begin() },
  { name: 'unit and property tests', run: () => vitest('node*', 'node') },
  ...(hasChromium ? [{ name: 'browser tests', run: () => vitest('browser', 'browser') }] : []),
  { name: seeds.name, run: () => seeds.code() },
  {
    name: 'simulation: 16 lives of an account',
    run: () => run('node', ['tools/simulate/main.ts', '--accounts', '--seed', '1', '--seeds', '16']),
  },
  // Most of their time they wait for each other's processes.
  { name: 'two friends, a lost phone, a house fire, end to end', run: stories },
]

// The terminal sends Ctrl-C to all: the stage that runs ends by it, and then what runs beside it is ended here.
process.on('SIGINT', () => {})

let status = 0
for (const stage of stages) {
  const started = performance.now()
  process.stdout.write(`\n=== ${stage.name}\n`)
  status = await stage.run()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(
    `=== ${stage.name}: ${status === 0 ? 'passed' : `failed (${status})`} in ${seconds} s\n`,
  )
  if (status !== 0) break
}
seeds.begun?.stop()
rmSync(reports, { recursive: true, force: true })
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
process.exit(status)

async function stories() {
  const begun = ['two-friends', 'lost-phone', 'house-fire'].map((name) =>
    begin(name, 'bash', [`examples/${name}.sh`], { folder: reports }),
  )
  const codes = []
  for (const story of begun) codes.push(await story.code())
  return codes.find((code) => code !== 0) ?? 0
}

function vitest(projects, name) {
  const report = join(reports, `${name}.json`)
  const code = run('vitest', [
    'run',
    '--project',
    projects,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'))
    counts.passed += result.numPassedTests
    counts.failed += result.numFailedTests
    counts.skipped += result.numPendingTests
  } catch {
    process.stderr.write(`no report from the ${name} tests\n`)
    return code || 1
  }
  return code
}
