/** A newest head whose entry nobody serves: what exists below it comes all the same, and the head stays known (R14, H4). */
import { expect, test } from 'vitest'
import {
  connect,
  createPeer,
  createWorld,
  createWriter,
  type TestPeer,
  until,
  type Writer,
} from '../../test/replication-kit.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `note ${index}`)

/** A writer whose last entry only the first peer has; the others of that many entries. */
async function lostNewest(count: number) {
  const world = createWorld()
  const [author, hub, newcomer] = await Promise.all(
    ['author', 'hub', 'newcomer'].map((name) => createPeer(world, name)),
  )
  const writer = await createWriter('writer')
  await author!.publish(writer, numbered(count))
  hub!.watch(writer.identity)
  newcomer!.watch(writer.identity)
  const met = await connect(hub!, author!)
  expect(await until(world, () => holds(hub!, writer, count))).toBe(true)
  await met.end()
  await author!.publish(writer, ['the newest'])
  return { world, author: author!, hub: hub!, newcomer: newcomer!, writer }
}

const holds = ({ store }: TestPeer, { identity }: Writer, count: number): boolean =>
  store.feed(identity)?.heldCount === count && store.unverifiedCount() === 0

const highest = ({ store }: TestPeer, { identity }: Writer) => store.feed(identity)?.record?.head.head

test('[R14] [H4] a newcomer gets what a source has, though the source knows a higher head; and the rest when it is there', async () => {
  const { world, author, hub, newcomer, writer } = await lostNewest(40)
  expect(hub.store.acceptHead(writer.record)).toBe('new')
  const met = await connect(newcomer, hub)
  expect(await until(world, () => holds(newcomer, writer, 40))).toBe(true)
  expect(highest(newcomer, writer)).toBe(writer.record.head.head)
  expect(newcomer.store.feed(writer.identity)).toMatchObject({ disputedAbove: null, broken: null })
  // Nothing is asked for in vain any more.
  expect(await until(world, () => met.replicators[0].status().upToDate)).toBe(true)
  const other = await connect(hub, author)
  expect(await until(world, () => holds(newcomer, writer, 41))).toBe(true)
  await other.end()
  await met.end()
})

test('[R14] [H4] a newcomer who heard of a higher head elsewhere gets what a source has that never did', async () => {
  const { world, hub, newcomer, writer } = await lostNewest(40)
  newcomer.store.acceptHead(writer.record)
  const met = await connect(newcomer, hub)
  expect(await until(world, () => holds(newcomer, writer, 40))).toBe(true)
  expect(highest(newcomer, writer)).toBe(writer.record.head.head)
  await met.end()
})

test('[R14] it goes on after cuts, shallow too, and takes further heads that are nowhere', async () => {
  const { world, author, hub, newcomer, writer } = await lostNewest(1_500)
  hub.store.acceptHead(writer.record)
  await author.publish(writer, ['and one more'])
  newcomer.watch(writer.identity, { depth: { type: 'last', count: 50 } })
  const shallow = await connect(newcomer, hub)
  expect(await until(world, () => holds(newcomer, writer, 50))).toBe(true)
  hub.store.acceptHead(writer.record)
  expect(await until(world, () => highest(newcomer, writer) === writer.record.head.head)).toBe(true)
  await shallow.end()
  newcomer.watch(writer.identity)
  for (const share of [400, 900, 1_300]) {
    const cut = await connect(newcomer, hub)
    expect(await until(world, () => (newcomer.store.feed(writer.identity)?.heldCount ?? 0) >= share)).toBe(
      true,
    )
    for (const link of cut.links) link.close('lost')
    await cut.end()
  }
  const last = await connect(newcomer, hub)
  expect(await until(world, () => holds(newcomer, writer, 1_500))).toBe(true)
  const other = await connect(newcomer, author)
  expect(await until(world, () => holds(newcomer, writer, 1_502))).toBe(true)
  await other.end()
  await last.end()
})

test('[R14] [F9] a lower head on another branch is a dispute once the higher one is here', async () => {
  const { world, author, newcomer, writer } = await lostNewest(5)
  const twin = await createWriter('writer')
  const mallory = await createPeer(world, 'mallory')
  await mallory.publish(twin, [...numbered(5), 'another newest'])
  await author.publish(writer, ['above it'])
  newcomer.store.acceptHead(writer.record)
  const one = await connect(newcomer, mallory)
  expect(await until(world, () => holds(newcomer, writer, 6))).toBe(true)
  const two = await connect(newcomer, author)
  expect(await until(world, () => newcomer.store.feed(writer.identity)?.disputedAbove === 5)).toBe(true)
  await two.end()
  await one.end()
})

/** Notes of an author that a reader has through a hub; both are still connected to it. */
async function inStep(count: number) {
  const world = createWorld()
  const [author, hub, reader] = await Promise.all(
    ['author', 'hub', 'reader'].map((name) => createPeer(world, name)),
  )
  const writer = await createWriter('writer')
  await author!.publish(writer, numbered(count))
  hub!.watch(writer.identity)
  reader!.watch(writer.identity)
  const source = await connect(hub!, author!)
  const met = await connect(reader!, hub!)
  expect(await until(world, () => holds(reader!, writer, count))).toBe(true)
  return { world, author: author!, hub: hub!, reader: reader!, writer, source, met }
}

const deleted = (...lengths: readonly number[]) =>
  new Map(lengths.map((length) => [length, { type: 'delete' } as const]))

test('[G7] [F10] who told a rebase on that only took away what is newest gets it from whom it told', async () => {
  const { world, author, hub, reader, writer, source, met } = await inStep(8)
  await source.end()
  await author.publishRebase(writer, deleted(7, 8))
  // Heard from somebody who gives nothing; the hub hears of it here, and has it before this reader does.
  reader.store.acceptHead(writer.record)
  expect(await until(world, () => highest(hub, writer) === writer.record.head.head)).toBe(true)
  const again = await connect(hub, author)
  expect(await until(world, () => holds(hub, writer, 6))).toBe(true)
  expect(await until(world, () => holds(reader, writer, 6))).toBe(true)
  await again.end()
  await met.end()
})

test.for([
  ['reader', 'a rebase'],
  ['hub', 'a rebase'],
  ['reader', 'more entries'],
  ['hub', 'more entries'],
])(
  '[G7] %s dials: who knew of %s when they met gets it from whom it found behind',
  async ([dialler, what]) => {
    const { world, author, hub, reader, writer, source, met } = await inStep(8)
    await met.end()
    await author.publish(writer, ['a ninth', 'a tenth'])
    expect(await until(world, () => holds(hub, writer, 10))).toBe(true)
    await source.end()
    if (what === 'a rebase') await author.publishRebase(writer, deleted(7, 8, 9))
    else await author.publish(writer, ['an eleventh'])
    const count = writer.record.head.length
    // Heard from somebody who gives nothing.
    reader.store.acceptHead(writer.record)
    const second = await (dialler === 'reader' ? connect(reader, hub) : connect(hub, reader))
    expect(await until(world, () => highest(hub, writer) === writer.record.head.head)).toBe(true)
    await world.clock.advance(30_000)
    const again = await connect(hub, author)
    expect(await until(world, () => holds(hub, writer, count))).toBe(true)
    expect(await until(world, () => holds(reader, writer, count))).toBe(true)
    await again.end()
    await second.end()
  },
)
