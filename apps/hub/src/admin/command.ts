/**
 * `hub admin …`: asks the hub that runs, and shows what it says.
 *
 *     line ─▶ key of the home, or a link ─▶ operation ─▶ a table, or one JSON object a line
 *
 * @module
 */
import { join } from 'node:path'
import { EffigyError, encodeBase64url, err, ok, type Result } from '@effigy/core'
import { exitCodes } from '../failure.ts'
import { adminPath } from '../http/routes.ts'
import { askHub, type ClientFault, type Credential, type Way } from './client.ts'
import { type AdminLine, usageOf } from './command-line.ts'
import { keyFileName, readKey } from './key.ts'
import { type Operation, pathOf } from './operation.ts'
import { mostRows } from './rows.ts'
import { showOne, showRows } from './show.ts'
import { socketIn } from './socket.ts'

export interface Terminal {
  readonly say: (text: string) => void
  readonly complain: (message: string) => void
}

/** Gives the exit code. `home`: of the hub on this machine. */
export async function runAdmin<Ports>(
  line: AdminLine<Ports>,
  home: string,
  { say, complain }: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { operation, isSure, isJson } = line
  if (operation.destroys && !isSure) {
    complain(`${operation.name} cannot be undone: ${operation.summary}. Say --yes if that is meant.`)
    return exitCodes.config
  }
  const entered = await enter(line, home, signal)
  if (!entered.ok) return fail(entered.error, complain)
  const { way, credential } = entered.value
  const ask = (input: unknown) => askHub(way, credential, pathOf(operation), input, signal)
  try {
    return operation.isList ? await showList(line, ask, say, complain) : await showAnswer()
  } finally {
    if (credential.type === 'cookie') await askHub(way, credential, `${adminPath}session/end`, {}, signal)
  }

  async function showAnswer(): Promise<number> {
    const answer = await ask(line.input)
    if (!answer.ok) return fail(answer.error, complain)
    const value = answer.value.value as Readonly<Record<string, unknown>>
    say(isJson ? `${JSON.stringify(value)}\n` : showOne(value))
    return exitCodes.ok
  }
}

async function showList<Ports>(
  { operation, input, isJson }: AdminLine<Ports>,
  ask: (input: unknown) => ReturnType<typeof askHub>,
  say: Terminal['say'],
  complain: Terminal['complain'],
): Promise<number> {
  const rows: Readonly<Record<string, unknown>>[] = []
  const page = 'limit' in operation.fields ? { limit: mostRows } : {}
  let after = input.after ?? null
  for (;;) {
    const answer = await ask({ ...page, ...input, ...(after === null ? {} : { after }) })
    if (!answer.ok) return fail(answer.error, complain)
    const { items, next } = answer.value.value as {
      readonly items: typeof rows
      readonly next: string | null
    }
    if (isJson) for (const item of items) say(`${JSON.stringify(item)}\n`)
    else rows.push(...items)
    // Whoever asked for so many rows gets no more.
    if (next === null || input.limit !== undefined) break
    after = next
  }
  if (!isJson) say(rows.length === 0 ? 'There is nothing.\n' : showRows(rows, operation.columns))
  return exitCodes.ok
}

interface Entered {
  readonly way: Way
  readonly credential: Credential
}

/** By a link, else by the key; at another machine, else at the one of the home. */
async function enter<Ports>(
  { at, keyFile, link }: AdminLine<Ports>,
  home: string,
  signal: AbortSignal,
): Promise<Result<Entered, ClientFault>> {
  const origin = link ?? at
  if (origin !== null && !(URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol))) {
    return err({ code: 'usage', message: 'That is no address of a hub; they look like https://hub.example.' })
  }
  const way: Way =
    origin === null
      ? { type: 'socket', path: socketIn(home) }
      : { type: 'origin', origin: new URL(origin).origin }
  if (link !== null) {
    const token = new URL(link).hash.slice(1)
    const opened = await askHub(way, { type: 'none' }, `${adminPath}session`, { token }, signal)
    if (!opened.ok) return opened
    const { cookie } = opened.value
    return cookie === null
      ? err({ code: 'no-answer', message: 'What answers there is no hub.' })
      : ok({ way, credential: { type: 'cookie', cookie } })
  }
  const path = keyFile ?? join(home, keyFileName)
  const key = readKeySafely(path)
  if (!key.ok) return key
  if (key.value === null) {
    const hint =
      keyFile === null ? 'A hub makes it when it starts: start it, or say where its home is: --home.' : ''
    return err({ code: 'not-running', message: `There is no key at ${path}. ${hint}`.trim() })
  }
  return ok({ way, credential: { type: 'key', key: encodeBase64url(key.value) } })
}

function readKeySafely(path: string): Result<Uint8Array | null, ClientFault> {
  try {
    return ok(readKey(path))
  } catch (error) {
    const message =
      error instanceof EffigyError ? error.message : `The key at ${path} cannot be read by this user.`
    return err({ code: 'usage', message })
  }
}

function fail({ code, message }: ClientFault, complain: Terminal['complain']): number {
  complain(message)
  if (code === 'not-running' || code === 'no-answer') return exitCodes.network
  return code === 'usage' ? exitCodes.config : exitCodes.failed
}

/** What `hub admin help` prints. */
export function adminHelp<Ports>(operations: readonly Operation<Ports>[]): string {
  const lines = operations.map(
    (operation) => `  hub admin ${usageOf(operation)}\n      ${operation.summary}.\n`,
  )
  return `Administers the hub that runs on this machine, with the key in its home.

${lines.join('')}
  --json           one JSON object a line
  --yes            needed for what cannot be undone
  --home HOME      folder of the hub, as when it was started; --config FILE too
  --at ADDRESS     a hub elsewhere, like https://hub.example, with --key-file FILE
  --link LINK      by a one-time link instead of the key; it is used up

Exit codes: 0 done, 1 refused, 2 wrong words or settings, 4 the hub does not run or cannot be reached.
`
}
