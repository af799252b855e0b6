/**
 * How fast an entry published on one of 50 connected peers is on all of them, in round trips of simulated latency,
 * and how often it is received: over one hub, in a random graph with eight links each, and all with all.
 *
 * @module
 */
import { type Figure, figure } from './figure.ts'
import { createSpread, type Topology } from './spread-world.ts'

const peers = 50

/** Entries by each of some authors; the first of each finds nobody prepared. */
const authors = 3
const entriesEach = 4

const topologies: readonly Topology[] = ['hub', 'random', 'mesh']

const described: Readonly<Record<Topology, string>> = {
  hub: 'over one hub',
  random: 'random graph, 8 links each',
  mesh: 'all with all',
}

export async function* bench(): AsyncGenerator<Figure> {
  for (const topology of topologies) {
    await using spread = await createSpread({ topology, peers, authors, seed: 'spread' })
    const first: Told[] = []
    const later: Told[] = []
    for (let round = 0; round < entriesEach; round++) {
      for (let author = 0; author < authors; author++) {
        ;(round === 0 ? first : later).push(await spread.publish(author))
      }
    }
    yield* figures(`spread, ${described[topology]}, first entry of an author`, first)
    yield* figures(`spread, ${described[topology]}`, later)
    if (topology === 'random') {
      yield figure('spread, random graph, most links from an author', spread.eccentricity, 'links')
    }
  }
}

type Told = Awaited<ReturnType<Awaited<ReturnType<typeof createSpread>>['publish']>>

function* figures(name: string, told: readonly Told[]): Generator<Figure> {
  const longest = Math.max(...told.map(({ roundTrips }) => roundTrips))
  yield figure(`${name}: on the last peer after`, longest, 'round trips', {
    ratio: 2 / longest,
    of: 'what is aimed at, under 2',
  })
  const copies = Math.max(...told.map((one) => one.copies))
  yield figure(`${name}: copies a peer received`, copies, 'copies', {
    ratio: 1.5 / copies,
    of: 'what is aimed at, at most 1.5',
  })
  yield figure(`${name}: received in all, a peer`, Math.max(...told.map(({ bytes }) => bytes)), 'bytes')
}
