/**
 * `npm test`: installs what is missing, then lint, types, unit and property tests,
 * browser tests and the end-to-end example. Stops at the first stage that fails.
 *
 * @module
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { begin } from './beside.mjs'
import { buildWeb } from './build-web.mjs'
import { needDebian } from './debian.mjs'
import { environment, installPackages, root, run } from './install.mjs'

installPackages()
const hasChromium = needDebian('/usr/bin/chromium', ['chromium'], 'browser tests')
// The unit tests look for it themselves, and say where it is not.
needDebian('/usr/bin/age', ['age'], 'interoperability with age')
needDebian('/usr/bin/firefox-esr', ['firefox-esr'], 'the smoke test in Firefox')
needDebian('/usr/bin/turnserver', ['coturn'], 'the relay with coturn')
needDebian('/usr/sbin/nats-server', ['nats-server'], 'the ports of the hub with NATS')
const reports = mkdtempSync(join(tmpdir(), 'effigy-test-'))
/** What the tests of each file came to when it last ran. */
const ended = new Map()
/** Files that failed among the others and passed alone. */
const unsteady = []

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
  { name: `${seeds.name}, begun`, run: () => seeds.begin() },
  { name: 'supply chain', run: () => run('node', ['tools/check-supply.mjs']) },
  { name: 'lint', run: () => run('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'types (neutral)', run: () => run('tsc', ['-p', 'tsconfig.neutral.json']) },
  { name: 'types (page)', run: () => run('tsc', ['-p', 'tsconfig.page.json']) },
  { name: 'web app', run: buildWeb },
  { name: 'types (node)', run: () => run('tsc', ['-p', 'tsconfig.node.json']) },
  { name: 'unit and property tests', run: () => vitest('node*', 'node') },
  ...(hasChromium ? [{ name: 'browser tests', run: () => vitest('browser', 'browser') }] : []),
  // Most of their time they wait for each other's processes.
  { name: 'two friends, a lost phone, a house fire, end to end', run: stories },
  {
    name: 'simulation: 16 lives of an account',
    run: () => run('node', ['tools/simulate/main.ts', '--accounts', '--seed', '1', '--seeds', '16']),
  },
  { name: seeds.name, run: () => seeds.code() },
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
const tests = [...ended.values()].flat()
const count = (...kinds) => tests.filter((test) => kinds.includes(test.status)).length
process.stdout.write(
  `\n${count('passed')} passed, ${count('failed')} failed, ${count('pending', 'skipped', 'todo')} skipped\n`,
)
if (unsteady.length > 0) process.stdout.write(`passed alone only, to be mended: ${unsteady.join(', ')}\n`)
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
  const { code, failed, overdue } = runVitest(projects, name)
  const isSteady = (file) => !overdue.includes(file) && !isCrowded(file)
  if (code === 0 || failed.length === 0 || failed.length > 2 || failed.some(isSteady)) return code
  process.stdout.write(`\n=== failed among the others, now alone: ${failed.join(', ')}\n`)
  const alone = runVitest(projects, `${name}-alone`, failed)
  if (alone.code === 0) unsteady.push(...failed)
  return alone.code
}

/**
 * Whether a file's tests drive browsers through the app, beside all the others on two cores: once in some hundred times one finds its
 * page later than a person would. Two such files are asked once more, and named; so are those that did not end, of which it is told
 * where they stood (overdue/reporter.ts). Nothing else is asked twice.
 */
function isCrowded(file) {
  return readFileSync(join(root, file), 'utf8').includes('withApp(')
}

/** Its exit code, the files in which tests failed, and those of them that did not end; none where it made no report. */
function runVitest(projects, name, files = []) {
  const report = join(reports, `${name}.json`)
  const list = join(reports, `${name}-overdue.json`)
  const reporters = ['default', './tools/overdue/reporter.ts', 'json'].map(
    (reporter) => `--reporter=${reporter}`,
  )
  const code = run(
    'vitest',
    ['run', ...files, '--project', projects, ...reporters, `--outputFile.json=${report}`],
    { env: { ...environment(), EFFIGY_TEST_OVERDUE: list } },
  )
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'))
    const ran = result.testResults.map(({ name: file, ...rest }) => ({ file: relative(root, file), ...rest }))
    for (const { file, assertionResults } of ran) ended.set(file, assertionResults)
    const overdue = existsSync(list)
      ? JSON.parse(readFileSync(list, 'utf8')).map((file) => relative(root, file))
      : []
    const failed = ran.filter(({ status }) => status === 'failed').map(({ file }) => file)
    return { code, failed: [...new Set([...failed, ...overdue])], overdue }
  } catch (cause) {
    process.stderr.write(`no report from the ${name} tests: ${cause.message}\n`)
    return { code: code || 1, failed: [], overdue: [] }
  }
}
