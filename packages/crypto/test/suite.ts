/**
 * Contracts in a worker, where Vitest runs no tests: the page names them, the worker runs them.
 *
 *     contract(suiteHere)      page: one test each, in Vitest itself
 *     contract(suiteOf(worker)) page: one test each, that asks ─index▶ worker: contract(collected) ─▶ outcome
 *
 * Both sides go through the same contract in the same order, so an index is enough.
 *
 * @module
 */
import { describe, test } from 'vitest'

type Body = () => void | Promise<void>

/** What contracts use of Vitest. */
export interface Suite {
  describe(name: string, body: () => void): unknown
  readonly test: SuiteTest
}

export interface SuiteTest {
  (name: string, body: Body, timeoutMs?: number): unknown
  skipIf(condition: boolean): (name: string, body: Body, timeoutMs?: number) => unknown
  /** `$key` in the name stands for that of the case. */
  for<Case>(cases: readonly Case[]): (name: string, body: (item: Case) => void | Promise<void>) => unknown
}

export const suiteHere: Suite = { describe, test: test as unknown as SuiteTest }

export function suiteOf(worker: Worker): Suite {
  const run = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.addEventListener('message', function listen({ data }: MessageEvent<Outcome>) {
        if (data.index !== index) return
        worker.removeEventListener('message', listen)
        if (data.fault === null) resolve()
        else reject(new Error(data.fault))
      })
      worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true })
      worker.postMessage({ index })
    })
  let count = 0
  return {
    describe: (name, body) => describe(`${name} (worker)`, body),
    test: testBy((name, _body, timeoutMs, isSkipped) => {
      const index = count++
      test.skipIf(isSkipped)(name, () => run(index), timeoutMs)
    }),
  }
}

interface Outcome {
  readonly index: number
  /** Null: it passed. */
  readonly fault: string | null
}

/** In the worker: `contract` is gone through once, and its tests are run as the page asks. */
export function answerSuite(contract: (suite: Suite) => void): void {
  const bodies: Body[] = []
  contract({ describe: (_name, body) => body(), test: testBy((_name, body) => void bodies.push(body)) })
  addEventListener('message', async ({ data: { index } }: MessageEvent<{ readonly index: number }>) => {
    let fault: string | null = null
    try {
      const body = bodies[index]
      if (body === undefined) throw new Error(`no test ${index} in the worker`)
      await body()
    } catch (cause) {
      fault = cause instanceof Error ? `${cause.message}\n${cause.stack}` : String(cause)
    }
    postMessage({ index, fault } satisfies Outcome)
  })
}

function testBy(
  add: (name: string, body: Body, timeoutMs: number | undefined, isSkipped: boolean) => void,
): SuiteTest {
  const plain = (name: string, body: Body, timeoutMs?: number): void => add(name, body, timeoutMs, false)
  return Object.assign(plain, {
    skipIf: (condition: boolean) => (name: string, body: Body, timeoutMs?: number) =>
      add(name, body, timeoutMs, condition),
    for:
      <Case>(cases: readonly Case[]) =>
      (name: string, body: (item: Case) => void | Promise<void>) => {
        for (const item of cases) {
          const spelled = name.replace(/\$(\w+)/g, (_all, key: string) =>
            String((item as Record<string, unknown>)[key]),
          )
          add(spelled, () => body(item), undefined, false)
        }
      },
  })
}
