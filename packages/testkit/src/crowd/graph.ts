/**
 * Who follows whom: a small world (Watts and Strogatz 1998).
 *
 *     ring, each follows its nearest neighbours ─one in ten rewired▶ somebody anywhere
 *
 * @module
 */
import type { Random } from '../seed.ts'

/** Of the follows. */
const rewired = 0.1

/** For each of `peers` the numbers of `follows` others, none twice. */
export function smallWorld(random: Random, peers: number, follows: number): readonly Uint32Array[] {
  const count = Math.min(follows, peers - 1)
  return Array.from({ length: peers }, (_, self) => {
    const chosen = new Set<number>()
    for (let step = 0; chosen.size < count && step < count; step++) {
      // 1, −1, 2, −2, …
      const distance = ((step >> 1) + 1) * (step % 2 === 0 ? 1 : -1)
      const neighbour = (((self + distance) % peers) + peers) % peers
      if (neighbour !== self && !random.chance(rewired)) chosen.add(neighbour)
    }
    while (chosen.size < count) {
      const other = random.integer(peers)
      if (other !== self) chosen.add(other)
    }
    return Uint32Array.from(chosen)
  })
}
