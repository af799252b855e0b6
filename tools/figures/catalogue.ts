/**
 * Every figure there is, in the order of FIGURES.md.
 *
 * @module
 */
import { clocks } from './clocks/clocks.ts'
import { decoders } from './decoders/decoders.ts'
import { drops } from './drops/drops.ts'
import { faults } from './faults/faults.ts'
import type { Figure } from './figure.ts'
import { friends } from './friends/friends.ts'
import { heads } from './heads/heads.ts'
import { kills } from './kills/kills.ts'
import { mutants } from './mutants/mutants.ts'
import { readers } from './readers/readers.ts'
import { sockets } from './sockets/sockets.ts'
import { tabKills } from './tabs/tab-kills.ts'
import { tabRounds } from './tabs/tab-rounds.ts'

export const figures: readonly Figure[] = [
  kills,
  tabKills,
  tabRounds,
  drops,
  faults,
  mutants,
  decoders,
  heads,
  clocks,
  friends,
  sockets,
  readers,
]
