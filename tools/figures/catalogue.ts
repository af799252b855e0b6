/**
 * Every figure there is, in the order of FIGURES.md.
 *
 * @module
 */

import { decoders } from './decoders/decoders.ts'
import { faults } from './faults/faults.ts'
import type { Figure } from './figure.ts'
import { friends } from './friends/friends.ts'
import { kills } from './kills/kills.ts'
import { mutants } from './mutants/mutants.ts'

export const figures: readonly Figure[] = [kills, faults, mutants, decoders, friends]
