/**
 * Every step of the disk fails once (RELIABILITY, figures): the store opens again, and what was
 * acknowledged is there. The same code over sqlite-wasm, because `node:sqlite` has no VFS hook.
 *
 * @module
 */
import type { SignedEntry } from '@effigy/core'
import { createRandom } from '@effigy/testkit'
import { createFaultyDisk, type Fault, type FaultyDisk, type Keep } from '@effigy/testkit/node'
import { expect, test } from 'vitest'
import { followAll } from '../src/feeds/feed-table.ts'
import { migrations, prepareDatabase, storageErrorOf } from '../src/index.ts'
import { headOf, runOf, testFeed, testIdentity } from './feed-maker.ts'
import { type OpenFeeds, openFeeds } from './open-feeds.ts'

const alice = testIdentity('alice')
const bob = testIdentity('bob')
const own = testFeed(alice, 9, 'mine')
const followed = testFeed(bob, 12, 'theirs')

function open(disk: FaultyDisk): OpenFeeds {
  const db = disk.open('main')
  try {
    prepareDatabase(db, { migrations })
    return openFeeds(db)
  } catch (cause) {
    db[Symbol.dispose]()
    throw cause
  }
}

/** Lengths of the own feed and the followed one as they are in the store, in order. */
const lengthsOf = ({ feeds }: OpenFeeds, identity: typeof alice): number[] =>
  [...feeds.chain(identity)].map(({ signed }) => signed.entry.length)

/** What the store has acknowledged as durable so far: the length of the own feed. */
interface Acknowledged {
  own: number
}

/**
 * Publishes and syncs in turns, going on from what the store says it has. Stops at the first failure,
 * or takes every step up to `tries` times.
 */
function work(world: OpenFeeds, acknowledged: Acknowledged, tries: number): void {
  const { feeds } = world
  const attempt = (step: () => void): void => {
    for (let left = tries; ; left--) {
      try {
        step()
        return
      } catch (cause) {
        if (left <= 1) throw cause
        expect((cause as { code?: unknown }).code).toMatch(/^storage-(full|failed)$/)
      }
    }
  }
  const publish = (): void => {
    const length = feeds.feed(alice)?.record?.head.length ?? 0
    const next = own[length]
    if (next === undefined) return
    feeds.appendOwn([{ entry: next, body: null }], headOf(own.slice(0, length + 1)))
    acknowledged.own = length + 1
  }
  const steps = [
    publish,
    () => feeds.watchFeed(bob, followAll),
    () => void feeds.acceptHead(headOf(followed)),
    () => {
      // One transaction over several calls.
      for (const run of [followed.slice(9), followed.slice(6, 9)])
        feeds.appendEach?.([runOf(run)], { stays: true })
      feeds.finishAppending?.()
    },
    publish,
    () => void feeds.appendRun(runOf(followed.slice(0, 6))),
    publish,
    () => feeds.settle(feeds.unverified(100).map(({ id }) => ({ id, valid: true }))),
    publish,
  ]
  for (const step of steps) attempt(step)
}

/** Whole, ours, and with all that was acknowledged; then fit to go on. */
function checkAfterwards(disk: FaultyDisk, acknowledged: Acknowledged): void {
  using world = open(disk)
  expect(world.db.first('pragma integrity_check')).toEqual({ integrity_check: 'ok' })
  const mine = lengthsOf(world, alice)
  expect(mine.length).toBeGreaterThanOrEqual(acknowledged.own)
  expect(mine).toEqual(mine.map((_, at) => at + 1))
  expect(world.feeds.feed(alice)?.record?.head.length ?? 0).toBe(mine.length)
  const theirs = lengthsOf(world, bob)
  expect([0, 6, 12]).toContain(theirs.length)
  // An entry that was refused and stood nevertheless is continued, not doubled.
  const next = own[mine.length] as SignedEntry
  world.feeds.appendOwn([{ entry: next, body: null }], headOf(own.slice(0, mine.length + 1)))
  expect(lengthsOf(world, alice)).toHaveLength(mine.length + 1)
}

const newDisk = (seed: string): Promise<FaultyDisk> =>
  createFaultyDisk({ random: createRandom(seed), failure: storageErrorOf })

/** What is on a disk on which a store was opened and closed: opening it again takes hardly a step. */
async function opened(): Promise<ReadonlyMap<string, Uint8Array>> {
  const disk = await newDisk('opened')
  open(disk)[Symbol.dispose]()
  return disk.files
}

/** Where a step fails: while a store is made, or in the work on one that is there. */
interface Stage {
  readonly name: string
  readonly files: ReadonlyMap<string, Uint8Array>
  /** It takes so many when nothing fails. */
  readonly steps: number
  /** Of the steps each fault takes every so manieth, begun elsewhere each time: one fault or all meet each step. */
  readonly stride: number
}

async function diskOf({ files }: Pick<Stage, 'files'>, seed: string): Promise<FaultyDisk> {
  const disk = await newDisk(seed)
  for (const [name, bytes] of files) disk.replace(name, bytes.slice())
  return disk
}

async function stepsOf(files: Stage['files'], tries: number): Promise<number> {
  const disk = await diskOf({ files }, 'count')
  using world = open(disk)
  if (tries > 0) work(world, { own: 0 }, tries)
  return disk.steps
}

const nothing = new Map<string, Uint8Array>()
const files = await opened()
const faults = ['full', 'io-error', 'short-write', 'power-loss'] satisfies Fault[]
const stages: readonly Stage[] = [
  // All of it is one transaction: what fails in the middle of it is as if nothing had been.
  { name: 'making a store', files: nothing, steps: await stepsOf(nothing, 0), stride: faults.length },
  { name: 'working with it', files, steps: await stepsOf(files, 1), stride: 1 },
]
const seeds = Number(process.env.EFFIGY_FAULT_SEEDS ?? 1)

const failing = stages.flatMap((stage) => faults.map((fault, index) => ({ ...stage, stage, fault, index })))

test.for(failing)(
  '[S1] [S9] $fault at steps of $name ($steps, one in $stride): the store opens again, nothing acknowledged is lost',
  { timeout: 120_000 },
  async ({ stage, steps, stride, fault, index }) => {
    for (let seed = 0; seed < seeds; seed++) {
      for (let step = 1 + ((index + seed) % stride); step <= steps; step += stride) {
        const disk = await diskOf(stage, `${fault} ${step} ${seed}`)
        const acknowledged = { own: 0 }
        disk.failAt(step, fault)
        let world: OpenFeeds | null = null
        try {
          world = open(disk)
          work(world, acknowledged, 1)
        } catch (cause) {
          expect((cause as { code?: unknown }).code, `${cause}`).toMatch(/^storage-(full|failed)$/)
        }
        // The machine goes off with the store open: the hardest case.
        const left = disk.powerLoss('seeded')
        world?.[Symbol.dispose]()
        checkAfterwards(left, acknowledged)
      }
    }
  },
)

/** Every third of those steps, begun elsewhere each time. */
const goingOn = stages.flatMap((stage) =>
  (['full', 'io-error', 'short-write'] satisfies Fault[]).flatMap((fault, index) => [
    { ...stage, stage, fault, keep: 'none' as Keep, from: 1 + index },
    { ...stage, stage, fault, keep: 'seeded' as Keep, from: 1 + ((index + 1) % 3) },
  ]),
)

test.for(goingOn)(
  '[S9] after a failed step of $name ($fault, then power loss keeping $keep) what is acknowledged later is there',
  { timeout: 120_000 },
  async ({ stage, steps, stride, fault, keep, from }) => {
    for (let step = from; step <= steps; step += 3 * stride) {
      const disk = await diskOf(stage, `${fault} ${keep} ${step}`)
      const acknowledged = { own: 0 }
      disk.failAt(step, fault)
      let world: OpenFeeds
      try {
        world = open(disk)
      } catch {
        // It failed while opening: the next attempt finds the disk well.
        world = open(disk)
      }
      work(world, acknowledged, 3)
      expect(acknowledged.own).toBeGreaterThanOrEqual(4)
      const left = disk.powerLoss(keep)
      world[Symbol.dispose]()
      checkAfterwards(left, acknowledged)
    }
  },
)
