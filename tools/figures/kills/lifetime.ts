/**
 * One life of a writing process: started beforehand, ordered, killed at a moment of chance.
 *
 *     prepare ─▶ ready ─order▶ writing ─SIGKILL▶ everything it had told
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Event, Order } from './events.ts'

export interface Lifetime extends AsyncDisposable {
  /** Orders, waits, kills; gives what was told, in order. To be called once. */
  live(order: Order, death: Death): Promise<readonly Event[]>
}

/** When it dies: `ms` after the order, or after it has told so many lines since. */
export interface Death {
  /** 0: of the order alone. */
  readonly lines: number
  readonly ms: number
}

/** A process that neither opens the home nor fails within this is a failure by itself, ms. */
const patienceMs = 30_000

const program = new URL('./child.ts', import.meta.url)

/** Compiled code is written when a process ends by itself, which those that are killed never do. */
export async function fillCache(cache: string): Promise<void> {
  const child = spawn(process.execPath, [program.pathname], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  })
  await once(child, 'close')
}

/** Starts the process, so that it has loaded its program when it is needed. `cache`: a folder for compiled code, which halves that. */
export function prepareLifetime(cache: string): Lifetime {
  // Its stderr is ours: what it says there nobody expected.
  const child: ChildProcess = spawn(process.execPath, [program.pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  })
  const events: Event[] = []
  const listeners = new Set<() => void>()
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) events.push(JSON.parse(line) as Event)
    for (const listener of listeners) listener()
  })
  const closed = once(child, 'close')

  async function told(isEnough: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = (): void => {
      if (isEnough() || events.some(({ type }) => type === 'failed')) resolve()
    }
    listeners.add(look)
    look()
    const timer = setTimeout(resolve, patienceMs)
    await Promise.race([promise, closed])
    clearTimeout(timer)
    listeners.delete(look)
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await closed
  }

  return {
    async live(order, { lines, ms }) {
      await told(() => events.length > 0)
      child.stdin?.write(`${JSON.stringify(order)}\n`)
      await told(() => events.length > lines)
      await new Promise((resolve) => setTimeout(resolve, ms))
      const isOver = child.exitCode !== null
      await kill()
      if (isOver) events.push({ type: 'failed', what: `the process ended by itself with ${child.exitCode}` })
      return events
    },
    [Symbol.asyncDispose]: kill,
  }
}
