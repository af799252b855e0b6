/**
 * Every step of the disk fails once, under the whole store (RELIABILITY, figures).
 *
 *     phase × step × fault ─▶ stop, or go on ─▶ power loss ─▶ opens, nothing acknowledged lost, views right
 *
 * The same code over sqlite-wasm, because `node:sqlite` has no disk that can be made to fail.
 *
 * @module
 */
import { compareHeads } from '@effigy/core'
import { storageErrorOf } from '@effigy/store'
import { createRandom } from '@effigy/testkit'
import { createFaultyDisk, type Fault, type FaultyDisk } from '@effigy/testkit/node'
import { createFailures, type Figure, replay } from '../figure.ts'
import { faultsOf, type OpenStore, openOn } from './check.ts'
import { makePhases, type Operation, type Phase } from './workload.ts'

const kinds: readonly Fault[] = ['full', 'io-error', 'short-write', 'power-loss']

/** Of one seed: one step in so many is tried. */
const stride = 6

export const faults: Figure = {
  name: 'faults',
  what: 'ENOSPC, EIO, short write and power loss at steps of the disk under the whole store: publishing, sync, files, erase, rebase, search, rebuild, maintenance',
  unit: 'seeds',
  short: 1,
  long: 200,
  notCovered:
    'the locks and files of `node:sqlite` itself; each seed takes every sixth step of each kind, six seeds take all',
  async run({ n, seed, tell = () => {} }) {
    const failures = createFailures()
    const counts = {
      'acknowledged and lost, or not opened': 0,
      'steps failed': 0,
      'of steps': 0,
      'went on and were acknowledged later': 0,
    }
    const phases = await makePhases()
    for (let number = 0; number < n; number++) {
      const random = createRandom(`${seed}.${number}`)
      const disk = await createFaultyDisk({ random, failure: storageErrorOf })
      // A copy at the beginning of each phase: none has to be got to again.
      let base: FaultyDisk = disk
      const before: Operation[] = []
      for (const [index, phase] of phases.entries()) {
        const steps = await stepsOf(base.kill(), phase)
        if (number === 0) counts['of steps'] += steps * kinds.length
        for (const [at, fault] of kinds.entries()) {
          for (let step = 1 + ((number + at) % stride); step <= steps; step += stride) {
            const goesOn = fault !== 'power-loss' && random.chance(0.5)
            const found = await tryStep({ disk: base.kill(), phase, before, step, fault, goesOn })
            counts['steps failed']++
            if (found.wentOn) counts['went on and were acknowledged later']++
            for (const text of found.faults) {
              counts['acknowledged and lost, or not opened']++
              failures.add(
                `${phase.name}, step ${step}, ${fault}${goesOn ? ', gone on' : ''}: ${text}; ${replay('faults', n, seed)}`,
              )
            }
          }
        }
        base = await afterwards(base.kill(), phase)
        before.push(...phase.operations)
        tell(number + Math.floor((index + 1) / phases.length))
      }
    }
    return { counts, failures: failures.list }
  },
}

/** Steps that opening and the phase take when nothing fails. */
async function stepsOf(disk: FaultyDisk, phase: Phase): Promise<number> {
  const open = openOn(disk, phase.nowMs)
  for (const operation of phase.operations) await operation.run(open.store)
  const { steps } = disk
  open[Symbol.dispose]()
  return steps
}

/** The disk after the phase, its process over. */
async function afterwards(disk: FaultyDisk, phase: Phase): Promise<FaultyDisk> {
  const open = openOn(disk, phase.nowMs)
  for (const operation of phase.operations) await operation.run(open.store)
  open[Symbol.dispose]()
  return disk.kill()
}

interface Trial {
  readonly disk: FaultyDisk
  readonly phase: Phase
  /** Acknowledged in earlier phases. */
  readonly before: readonly Operation[]
  readonly step: number
  readonly fault: Fault
  /** Tries again in the same process before the power goes. */
  readonly goesOn: boolean
}

async function tryStep({ disk, phase, before, step, fault, goesOn }: Trial) {
  const acknowledged = [...before]
  let attempted: Operation | null = null
  let open: OpenStore | null = null
  let wentOn = false
  const found: string[] = []
  const refused = (cause: unknown): void => {
    if (!/^storage-(full|failed)$/.test(String((cause as { code?: unknown }).code))) {
      found.push(`not told as a failure of the medium: ${cause instanceof Error ? cause.stack : cause}`)
    }
  }
  disk.failAt(step, fault)
  for (let left = goesOn ? 3 : 1; left > 0 && open === null; left--) {
    try {
      open = openOn(disk, phase.nowMs)
    } catch (cause) {
      refused(cause)
    }
  }
  if (open !== null) {
    let hasFailed = false
    work: for (const operation of phase.operations) {
      for (let left = goesOn ? 3 : 1; ; left--) {
        try {
          if (!isDone(open, operation)) await operation.run(open.store)
          acknowledged.push(operation)
          attempted = null
          if (hasFailed) wentOn = true
          break
        } catch (cause) {
          refused(cause)
          attempted = operation
          hasFailed = true
          if (left <= 1) break work
        }
      }
    }
  }
  // The machine goes off with the store open: the hardest case.
  const left = disk.powerLoss('seeded')
  open?.[Symbol.dispose]()
  let again: OpenStore
  try {
    again = openOn(left, phase.nowMs)
  } catch (cause) {
    return { wentOn, faults: [...found, `the store does not open: ${cause}`] }
  }
  try {
    found.push(...(await faultsOf(again, acknowledged, attempted)))
    // All of it can be done: what was not durable, a file before its entry, is done once more.
    for (const operation of phase.operations) {
      if (!isDone(again, operation)) await operation.run(again.store)
    }
    const whole = [...before, ...phase.operations]
    found.push(...(await faultsOf(again, whole, null)).map((text) => `going on after opening: ${text}`))
  } catch (cause) {
    found.push(`after opening: ${cause instanceof Error ? cause.stack : cause}`)
  } finally {
    again[Symbol.dispose]()
  }
  return { wentOn, faults: found }
}

/** An entry that was refused and stood nevertheless is not written twice. */
function isDone({ store }: OpenStore, { own }: Operation): boolean {
  if (own === undefined) return false
  const head = store.feed(own.record.head.identity)?.record?.head
  return head !== undefined && compareHeads(head, own.record.head) >= 0
}
