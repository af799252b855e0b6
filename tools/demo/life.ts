/**
 * The village while somebody looks around: one thing happens after another, slowly, for ever.
 *
 *     later.ts ─acts▶ every 20 to 60 s one of them, now
 *
 * @module
 */
import type { Reference } from '@effigy/core'
import { type Act, likesOf } from './acts.ts'
import type { PersonKey } from './people.ts'
import { type Chance, chanceOf } from './pictures/chance.ts'
import { rest } from './rest.ts'
import type { Told } from './story/told.ts'
import { perform, type TellingPorts } from './telling.ts'

export interface Pace {
  /** Between two things that happen, ms. */
  readonly lives: readonly [least: number, most: number]
  /** Until somebody answers, ms. */
  readonly answers: readonly [least: number, most: number]
}

export const usualPace: Pace = { lives: [20_000, 60_000], answers: [2_500, 7_000] }

/** What a thing that goes wrong means for the village is said here; it goes on. */
export type Complain = (error: unknown) => void

/** Resolves when the signal has come; told things come again when all have been. */
export async function live(
  told: readonly Told[],
  pace: Pace,
  ports: TellingPorts,
  complain: Complain,
): Promise<void> {
  const chance = chanceOf(ports.seed, 'life')
  const there = new Set(ports.villagers.keys())
  for (let round = 0; !ports.signal.aborted; round++) {
    const said = new Map<string, Reference>()
    const acts = lifeActs(told, there, round, chance)
    // Who lives alone and has nothing to say waits all the same.
    if (acts.length === 0) await rest(pace.lives[1], ports.signal)
    for (const act of acts) {
      await rest(chance.between(...pace.lives), ports.signal)
      if (ports.signal.aborted) return
      await perform(act, said, ports).catch(complain)
    }
  }
}

/** Of each thing the word itself, then reactions and answers to it, with the next thing between them. */
function lifeActs(
  told: readonly Told[],
  there: ReadonlySet<PersonKey>,
  round: number,
  chance: Chance,
): readonly Act[] {
  const places: { readonly act: Act; readonly at: number }[] = []
  const put = (at: number, act: Act): void => {
    if (there.has(act.by)) places.push({ act, at })
  }
  const tell = (one: Told, id: string, at: number, to: string | null, thread: string | null): void => {
    if (!there.has(one.by)) return
    put(at, { type: 'say', id, by: one.by, told: one, to, thread })
    for (const { label, by } of likesOf(one.likes ?? ''))
      put(at + chance.between(0.2, 2.4), { type: 'react', by, to: id, label })
    for (const [index, reply] of (one.replies ?? []).entries())
      tell(reply, `${id}-${index}`, at + 0.5 + index * 0.3 + reply.after * 0.4, id, thread ?? to)
  }
  for (const [index, one] of told.entries()) tell(one, `life-${round}-${index}`, index, null, null)
  return places.sort((a, b) => a.at - b.at).map(({ act }) => act)
}
