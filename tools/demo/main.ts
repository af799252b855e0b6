/**
 * `npm run demo`: a hub with a village of twelve invented people to look around in.
 *
 *     npm run demo -- [--home FOLDER] [--keep] [--port N] [--seed TEXT] [--people N]
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openApp } from '../../apps/hub/src/app/served-app.ts'
import { people } from './people.ts'
import { startVillage } from './village.ts'

/** Ms from Ctrl-C to the end, whatever still holds the process. */
const stopMs = 1_800

/** What main.mjs has built. */
const builtApp = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

const help = `npm run demo -- [options]
  --home FOLDER  keeps the village there; one that is there goes on
  --keep         keeps the folder, and says where it is
  --port N       of the hub; any free one when left out
  --seed TEXT    the same texts, pictures and times for the same one
  --people N     2 to ${people.length}; all of them when left out
`

const doing: Readonly<Record<string, string>> = {
  painting: 'People look into the mirror …',
  meeting: 'They meet at the hub …',
  telling: 'Two weeks pass …',
  gathering: 'Everybody gathers …',
}

process.exitCode = await run()

async function run(): Promise<number> {
  const options = readOptions()
  if (options === null) return 2
  const { home, keep, port, seed, count } = options
  const folder = home ?? mkdtempSync(join(tmpdir(), 'effigy-village-'))
  const isKept = keep || home !== null
  const stop = new AbortController()
  let ending: NodeJS.Timeout | null = null
  const clean = (): void => {
    if (!isKept) rmSync(folder, { recursive: true, force: true })
  }
  const end = (): void => {
    if (stop.signal.aborted) return
    process.stdout.write('\nFerrywell goes to sleep.\n')
    stop.abort(new Error('ended'))
    ending = setTimeout(() => {
      clean()
      process.exit(0)
    }, stopMs)
    ending.unref()
  }
  process.on('SIGINT', end).on('SIGTERM', end)
  try {
    await using village = await startVillage({
      ...{ folder, seed, people: count, port, signal: stop.signal, app: openApp(builtApp) },
      progress: (text) => process.stderr.write(`${doing[text] ?? text}\n`),
      complain: (error) => process.stderr.write(`(${(error as Error).message})\n`),
    })
    process.stdout.write(
      `
Ferrywell is awake: ${village.villagers.size} people, two weeks of talk, and it goes on.

  Come in:  ${village.inviteLink}
  The hub:  ${village.hub.origin}
  Run it:   ${village.adminLink}
${isKept ? `  Kept in:  ${folder}\n` : ''}
Follow Rosa and she follows you back; say something and somebody answers.
Ctrl-C ends it${isKept ? '.' : ', and nothing is left of it.'}
`,
    )
    if (!stop.signal.aborted) await once(stop.signal, 'abort')
  } catch (error) {
    if (!stop.signal.aborted) {
      process.stderr.write(`demo: ${(error as Error).message}\n`)
      return 1
    }
  } finally {
    clean()
  }
  return 0
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        home: { type: 'string' },
        keep: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        seed: { type: 'string' },
        people: { type: 'string', default: String(people.length) },
        help: { type: 'boolean', default: false },
      },
    })
    const port = Number(values.port)
    const count = Number(values.people)
    const isRight =
      Number.isInteger(port) && port >= 0 && port < 65_536 && Number.isInteger(count) && count >= 2
    if (values.help || !isRight || count > people.length) {
      process.stderr.write(help)
      return null
    }
    const seed = values.seed ?? randomBytes(8).toString('hex')
    return { home: values.home ?? null, keep: values.keep, port, seed, count }
  } catch (error) {
    process.stderr.write(`demo: ${(error as Error).message}\n${help}`)
    return null
  }
}
