/**
 * Texts on their way into the search index, kept while they are in memory anyway: indexing right
 * behind a sync then reads and parses nothing again.
 *
 *     shown ─keep▶ texts, at most 8 MB ─of▶ indexed, dropped       beyond the bound: not kept, read from the bytes
 *
 * @module
 */

export interface KeptTexts {
  /** Not kept when there is no more room. */
  keep(entry: number, text: string): void
  /** Null when it is not kept. */
  of(entry: number): string | null
  drop(entry: number): void
  clear(): void
}

/** UTF-16 units, of one or two bytes each: the notes of a second or two of a sync. */
const maxUnits = 4 * 1024 * 1024

/** What a text counts beside its length. */
const overhead = 64

export function createKeptTexts(): KeptTexts {
  const texts = new Map<number, string>()
  let units = 0
  /** The highest that was ever kept: they come ascending, and what is above it need not be looked for. */
  let newest = 0

  const drop = (entry: number): void => {
    const text = texts.get(entry)
    if (text === undefined) return
    texts.delete(entry)
    units -= text.length + overhead
  }

  return {
    keep(entry, text) {
      if (entry <= newest) drop(entry)
      if (units + text.length + overhead > maxUnits) return
      newest = Math.max(newest, entry)
      texts.set(entry, text)
      units += text.length + overhead
    },
    of: (entry) => texts.get(entry) ?? null,
    drop,
    clear() {
      texts.clear()
      units = 0
      newest = 0
    },
  }
}
