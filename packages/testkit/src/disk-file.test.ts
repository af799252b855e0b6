import { describe, expect, test } from 'vitest'
import { createDiskFile, sectorBytes } from './disk-file.ts'
import { createRandom } from './seed.ts'

const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte)
const random = () => createRandom('disk file')

describe('createDiskFile', () => {
  test('reads back what was written; gaps and regrown parts are zeros', () => {
    const file = createDiskFile()
    file.write(2, Uint8Array.of(7, 8))
    file.truncate(3)
    file.truncate(5)
    expect([...file.bytes()]).toEqual([0, 0, 7, 0, 0])
    const into = filled(4, 9)
    expect(file.read(3, into)).toBe(2)
    expect([...into]).toEqual([0, 0, 9, 9])
  })

  test('a power loss keeps what was synced and, by choice, all or nothing else', () => {
    const file = createDiskFile()
    file.write(0, filled(4, 1))
    file.sync()
    file.write(2, filled(4, 2))
    file.truncate(5)
    expect([...file.survivor(random(), 'none').bytes()]).toEqual([1, 1, 1, 1])
    expect([...file.survivor(random(), 'all').bytes()]).toEqual([1, 1, 2, 2, 2])
  })

  test('by chance, whole sectors are kept, lost or zero, and never torn inside', () => {
    const results = new Set<string>()
    for (let run = 0; run < 300; run++) {
      const file = createDiskFile(filled(4 * sectorBytes, 1))
      file.write(100, filled(3 * sectorBytes, 2))
      const left = file.survivor(createRandom(run), 'seeded').bytes()
      const parts = [left.subarray(100, sectorBytes)]
      for (let sector = 1; sector < 4; sector++) {
        const start = sector * sectorBytes
        parts.push(left.subarray(start, Math.min(start + sectorBytes, 100 + 3 * sectorBytes)))
      }
      for (const part of parts) expect(new Set(part).size).toBe(1)
      expect([left[0], left.at(-1), left.length]).toEqual([1, 1, 4 * sectorBytes])
      results.add(parts.map((part) => part[0]).join())
    }
    expect(results.size).toBe(16)
  })

  test('what a failed sync lost, a later one does not bring', () => {
    const lost = Array.from({ length: 50 }, (_, run) => {
      const file = createDiskFile()
      file.write(0, Uint8Array.of(1))
      file.failSync(createRandom(run))
      file.sync()
      expect(file.size()).toBe(1)
      return file.survivor(random(), 'all').size() === 0
    })
    expect(new Set(lost)).toEqual(new Set([true, false]))
  })

  test('a copy is independent and keeps what is pending', () => {
    const file = createDiskFile()
    file.write(0, Uint8Array.of(1))
    const copy = file.copy()
    file.write(0, Uint8Array.of(2))
    expect([...copy.bytes()]).toEqual([1])
    expect(copy.survivor(random(), 'none').size()).toBe(0)
    copy.sync()
    expect(copy.survivor(random(), 'none').size()).toBe(1)
    expect(file.survivor(random(), 'none').size()).toBe(0)
  })
})
