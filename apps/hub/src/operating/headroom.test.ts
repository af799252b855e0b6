import { silentLog } from '@effigy/sync'
import { createFakeClock } from '@effigy/testkit'
import { describe, expect, test } from 'vitest'
import { fitDescriptors, memoryReserve, reservedDescriptors, watchHeadroom } from './headroom.ts'
import { type Probes, parseDescriptorLimit, systemProbes } from './probes.ts'

const gibibyte = 2 ** 30

function world(values: {
  limit?: number | null
  open?: number
  used?: number
  heap?: number
  free?: number
}) {
  const clock = createFakeClock()
  const now = { limit: 20_000 as number | null, open: 100, used: 0, heap: 0, free: gibibyte, ...values }
  const probes: Probes = {
    descriptorLimit: () => now.limit,
    openDescriptors: () => now.open,
    memory: () => [
      { usedBytes: now.used, limitBytes: gibibyte },
      { usedBytes: now.heap, limitBytes: 2 * gibibyte },
    ],
    freeBytes: () => now.free,
  }
  const disk: boolean[] = []
  const headroom = watchHeadroom({
    ...{ probes, clock, log: silentLog, minFreeBytes: 512 * 2 ** 20 },
    diskChanged: (isLow) => disk.push(isLow),
  })
  return { clock, now, headroom, disk }
}

describe('[T16] descriptors', () => {
  test.for([
    [null, 5_000, 1_024, 5_000, 1_024],
    [1_000_000, 5_000, 1_024, 5_000, 1_024],
    [20_000, 19_000, 1_024, 19_000, 372],
    [20_000, 100_000, 1_024, 19_616, 64],
    [4_096, 5_000, 1_024, 3_712, 64],
    [1_024, 5_000, 1_024, 640, 64],
    [200, 5_000, 1_024, 1, 64],
  ] as const)('of %s, for %i and %i', ([limit, asked, askedWaiting, connections, waiting]) => {
    const places = fitDescriptors(limit, { connections: asked, waiting: askedWaiting })
    expect(places).toEqual({ connections, waiting })
    // What may be open at worst stays below the limit.
    if (limit !== null && limit > 1_000) {
      expect(places.connections + 2 * places.waiting + reservedDescriptors).toBeLessThanOrEqual(limit)
    }
  })

  test('few are left: nobody is taken, until there are some more', async () => {
    const { clock, now, headroom } = world({ open: 20_000 - 128 })
    expect(headroom.refusal).toBe(null)
    now.open++
    await clock.advance(5_000)
    expect(headroom.refusal).toBe('descriptors')
    now.open = 20_000 - 159
    await clock.advance(5_000)
    expect(headroom.refusal).toBe('descriptors')
    now.open = 20_000 - 160
    await clock.advance(5_000)
    expect(headroom.refusal).toBe(null)
  })

  test('what the system does not tell is no limit', () => {
    expect(world({ limit: null, open: 1e9 }).headroom.refusal).toBe(null)
  })

  test.for([
    ['Max open files            1024                 524288               files     \n', 1_024],
    ['Limit  Soft  Hard\nMax open files            20000 20000 files\n', 20_000],
    ['Max open files            unlimited            unlimited            files\n', null],
    ['', null],
    [null, null],
  ] as const)('%j is %s', ([text, limit]) => {
    expect(parseDescriptorLimit(text)).toBe(limit)
  })
})

describe('[T16] memory', () => {
  test('near the limit nobody is taken, within a second, and again when there is some', async () => {
    const { clock, now, headroom } = world({ used: gibibyte - memoryReserve(gibibyte) })
    expect(headroom.refusal).toBe(null)
    now.used++
    await clock.advance(1_000)
    expect(headroom.refusal).toBe('memory')
    now.used = gibibyte - memoryReserve(gibibyte) * 1.25 + 1
    await clock.advance(1_000)
    expect(headroom.refusal).toBe('memory')
    now.used--
    await clock.advance(1_000)
    expect(headroom.refusal).toBe(null)
  })

  test('the heap has a limit of its own', () => {
    expect(world({ heap: 1.9 * gibibyte }).headroom.refusal).toBe('memory')
  })

  test('what is left is enough for queues, and not most of a small machine', () => {
    const mebibytes = (limit: number): number => Math.round(memoryReserve(limit * 2 ** 20) / 2 ** 20)
    expect([128, 256, 512, 2_048].map(mebibytes)).toEqual([32, 64, 64, 205])
  })
})

test('[T16] the disk: told when it becomes low, and when it no longer is', async () => {
  const { clock, now, headroom, disk } = world({ free: 512 * 2 ** 20 })
  expect([headroom.isDiskLow, disk]).toEqual([false, []])
  now.free--
  await clock.advance(5_000)
  expect([headroom.isDiskLow, headroom.refusal, disk]).toEqual([true, null, [true]])
  now.free = 640 * 2 ** 20
  await clock.advance(5_000)
  expect([headroom.isDiskLow, disk]).toEqual([false, [true, false]])
})

test('nothing is looked at any more when it is disposed', () => {
  const { clock, headroom } = world({})
  headroom[Symbol.dispose]()
  expect(clock.pending()).toBe(0)
})

test('this machine tells something', () => {
  const probes = systemProbes('.', 300 * 2 ** 20)
  expect(probes.memory()[0]?.limitBytes).toBe(300 * 2 ** 20)
  for (const { usedBytes, limitBytes } of systemProbes('.', null).memory()) {
    expect(usedBytes).toBeGreaterThan(0)
    expect(limitBytes).toBeGreaterThan(2 ** 26)
  }
  expect(probes.freeBytes()).toBeGreaterThan(0)
  expect(systemProbes('/nowhere/at/all', null).freeBytes()).toBe(null)
  if (process.platform !== 'linux') return
  expect(probes.descriptorLimit()).toBeGreaterThan(100)
  expect(probes.openDescriptors()).toBeGreaterThan(3)
})
