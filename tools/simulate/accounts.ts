/**
 * Random lives of an account from seeds: `npm run simulate -- --accounts --seeds 100`.
 *
 *     seed ─liveThrough▶ verdicts, own state, notes of all the honest ─▶ one line a seed; the acts of one that is broken
 *
 * @module
 */
import { type History, liveThrough } from '../../packages/peer/test/account-history.ts'

/** Nobody ends it but the one who ends the process. */
const { signal } = new AbortController()

export interface AccountRuns {
  readonly runs: number
  readonly broken: readonly string[]
}

/** Null `seeds`: that one by its own name. */
export async function runAccounts(
  seed: string,
  seeds: number | null,
  log: (line: string) => void,
): Promise<AccountRuns> {
  const names = seeds === null ? [seed] : Array.from({ length: seeds }, (_, index) => `${seed}.${index}`)
  const broken: string[] = []
  for (const name of names) {
    const history = await liveThrough(name, { signal })
    const faults = faultsOf(history)
    log(`${name}: ${faults.length === 0 ? 'one verdict' : faults.join('; ')}`)
    if (faults.length === 0) continue
    broken.push(name)
    for (const line of history.trace) log(`  ${line}`)
  }
  return { runs: names.length, broken }
}

/** What does not hold in the end, in words. */
function faultsOf({ beyond, verdicts, states, notes }: History): readonly string[] {
  const unlike = Object.entries({ verdicts, states, notes }).flatMap(([what, byName]) =>
    new Set(byName.values()).size > 1 ? [`${what} differ`] : [],
  )
  return [...beyond, ...unlike]
}
