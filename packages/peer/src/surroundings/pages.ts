/**
 * The pages of one peer, each with what it sees (spec R40, R47): a page that crashed tells nothing any more.
 *
 *     tell(page, facts) ─▶ known for 3 minutes ─▶ together        none left ─▶ nobody looks
 *
 * @module
 */
import { EffigyError } from '@effigy/core'
import type { Clock } from '@effigy/sync'
import { plainSurroundings, type SurroundingFacts, together } from './surroundings.ts'

export interface Pages {
  /** Null: no page has told anything yet. */
  readonly facts: SurroundingFacts | null
  tell(page: string, facts: SurroundingFacts | null): void
  /** Forgets those that are gone. True: there was one. */
  forget(): boolean
}

/** Ms. A hidden page has its timers once a minute. */
export const pageMs: number = 3 * 60 * 1000

/** Of one peer; beyond it the one that told something the longest ago is gone. */
const maxPages = 64

const maxNameLength = 64

interface Page {
  readonly facts: SurroundingFacts
  readonly toldMs: number
}

export function createPages(clock: Pick<Clock, 'monotonic'>): Pages {
  /** The longest unheard first. */
  const pages = new Map<string, Page>()
  /** As the last of them saw it; null: there was none. */
  let last: SurroundingFacts | null = null

  const isGone = ({ toldMs }: Page): boolean => clock.monotonic() - toldMs > pageMs

  return {
    get facts() {
      const here = [...pages.values()].filter((page) => !isGone(page)).map(({ facts }) => facts)
      // The line and the battery stay what they were.
      return together(here) ?? (last === null ? null : { ...last, visible: false })
    },
    tell(page, facts) {
      if (typeof page !== 'string' || page === '' || page.length > maxNameLength) {
        throw new EffigyError('bad-page', 'A page has a name of 1 to 64 characters.')
      }
      pages.delete(page)
      if (facts === null) return
      last = read(facts)
      pages.set(page, { facts: last, toldMs: clock.monotonic() })
      const [oldest] = pages.keys()
      if (pages.size > maxPages && oldest !== undefined) pages.delete(oldest)
    },
    forget() {
      const gone = [...pages].filter(([, page]) => isGone(page))
      for (const [name] of gone) pages.delete(name)
      return gone.length > 0
    },
  }
}

/** From a page, over a port: anything that is no boolean is as if it were not told. */
function read(told: SurroundingFacts): SurroundingFacts {
  const of = (name: keyof SurroundingFacts): boolean =>
    typeof told?.[name] === 'boolean' ? told[name] : plainSurroundings[name]
  return { visible: of('visible'), online: of('online'), metered: of('metered'), battery: of('battery') }
}
