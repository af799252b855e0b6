/**
 * Where a process of ours stands, also in a loop that never gives way.
 *
 *     SIGUSR1 ─▶ its inspector listens ─ pause ─▶ call frames      nothing runs: it waits      no answer: outside of JavaScript
 *
 * Source: the Chrome DevTools Protocol, Debugger.pause; nodejs.org/api/process.html, signal events.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, commandOf, send } from './processes.ts'

interface CallFrame {
  readonly functionName: string
  readonly location: { readonly scriptId: string; readonly lineNumber: number }
}

type Told =
  | { readonly method: 'Debugger.paused'; readonly params: { readonly callFrames: readonly CallFrame[] } }
  | {
      readonly method: 'Debugger.scriptParsed'
      readonly params: { readonly scriptId: string; readonly url: string }
    }
  | { readonly method?: undefined }

/** ms until its inspector listens, and until it has stopped. */
const answerMs = 3_000

/** The innermost, and enough of what called it. */
const maxFrames = 30

/** Lines for a person; the commands that it waits for too. */
export async function whereaboutsOf(pid: number, port: number): Promise<string> {
  const stack = await stackOf(pid, port).catch((cause: unknown) => [`no answer: ${String(cause)}`])
  const children = childrenOf(pid).map((child) => `child process: ${commandOf(child)}`)
  return [...stack, ...children].map((line) => `  ${line}`).join('\n')
}

/** Its address, once it listens. Throws when it does not in time. */
async function debuggerAt(port: number, signal: AbortSignal): Promise<string> {
  for (;;) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/json`, { signal })
      const [target] = (await answer.json()) as readonly { readonly webSocketDebuggerUrl: string }[]
      return target?.webSocketDebuggerUrl ?? ''
    } catch (cause) {
      if (signal.aborted) throw cause
      await sleep(100)
    }
  }
}

async function stackOf(pid: number, port: number): Promise<readonly string[]> {
  send(pid, 'SIGUSR1')
  const socket = new WebSocket(await debuggerAt(port, AbortSignal.timeout(answerMs)))
  try {
    const frames = Promise.withResolvers<readonly CallFrame[]>()
    const urls = new Map<string, string>()
    socket.onerror = () => frames.reject(new Error('its inspector hung up'))
    socket.onopen = () => {
      for (const [id, method] of ['Debugger.enable', 'Debugger.pause'].entries())
        socket.send(JSON.stringify({ id, method }))
    }
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(String(data)) as Told
      if (told.method === 'Debugger.scriptParsed') urls.set(told.params.scriptId, told.params.url)
      if (told.method === 'Debugger.paused') frames.resolve(told.params.callFrames)
    }
    const found = await Promise.race([frames.promise, sleep(answerMs, null)])
    if (found === null) return ['no code runs: it waits for something']
    return found.slice(0, maxFrames).map(({ functionName, location: { scriptId, lineNumber } }) => {
      return `at ${functionName || 'a function'} (${urls.get(scriptId)}:${lineNumber + 1})`
    })
  } finally {
    socket.close()
  }
}
