/**
 * More readers than one `age:` text takes (more than 64 take several entries).
 *
 * @module
 */
import { maxAgeRecipients } from '@effigy/crypto'

/**
 * Calls `write` for parts of the readers of now, own ones in each, one after the other. A part asks for its readers when
 * it is sealed: who was taken away by then is not among them (T21), and who came in between is in the last.
 */
export async function inEntries<Value>(
  readers: () => readonly Uint8Array[],
  ownKeys: () => readonly Uint8Array[],
  write: (recipients: () => readonly Uint8Array[]) => Promise<Value>,
): Promise<readonly Value[]> {
  const written: Value[] = []
  for (let first = 0; ; ) {
    const own = ownKeys()
    const others = othersOf(readers(), own)
    const size = maxAgeRecipients - own.length
    const part = others.slice(first, first + size)
    const names = new Set(part.map(String))
    first += size
    written.push(
      await write(() => {
        const now = ownKeys()
        return [...now, ...othersOf(readers(), now).filter((key) => names.has(String(key)))]
      }),
    )
    if (first >= others.length) return written
  }
}

function othersOf(keys: readonly Uint8Array[], own: readonly Uint8Array[]): readonly Uint8Array[] {
  const names = new Set(own.map(String))
  return keys.filter((key) => !names.has(String(key)))
}
