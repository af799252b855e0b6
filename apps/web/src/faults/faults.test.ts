/** Whatever a package can throw at the page, or give to it, has words, or a reason to have none. */
import { finalCodes } from '@effigy/peer/page'
import { expect, test } from 'vitest'
import { codeOf } from './code-of.ts'
import { faultFamily } from './faults.ts'

const sources = import.meta.glob<string>(
  [
    '../../../../packages/{core,crypto,store,sync,links,peer}/src/**/*.ts',
    '../**/*.{ts,tsx}',
    '!**/*.{test,browser-test}.{ts,tsx}',
    // What runs in Node alone.
    '!**/node/**',
    '!**/node.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
)

/** Those that no person reads, by the reason for it. */
const wordless = {
  'how bytes of others were found wrong; whoever sent them hears of it, and the page of what comes of that':
    'age ahead altered bad-recipient batch-encoding batch-hash batch-limit batch-old comparable content early encoding feed ' +
    'fields forged hash invalid json-canonical json-depth json-key json-number json-syntax json-text late length ' +
    'letter-forged letter-invalid letter-not-for-us mixed no-key no-recipients not-as-asked parent payload-clear ' +
    'payload-detached payload-kind payload-link payload-salt payload-schema payload-sealed payload-size payload-text ' +
    'receiver-needed sealed seen signature size tar too-many-recipients too-old bad-block bad-length bad-path duplicate-path ' +
    'foreign-cid missing not-a-car size-mismatch too-deep wrong-hash',
  'between the parts of a splitting; the page is told of the parts together': 'too-few lacks bad-value',
  'a record that is tended by itself, and shown as a state': 'not-here',
  'what is shut stays as it is, and is tried again': 'own-key',
  'a feed that is not watched any more: what still came of it is dropped': 'unwatched',
  'a fault of the program: "something went wrong" says all that is known':
    'internal file-in-clear no-comparable-left service-name service-taken store-name too-many-services failed unknown',
  'it was given up by whoever asked': 'aborted',
} as const

function codesIn(source: string): readonly string[] {
  const text = source.replace(/\/\*.*?\*\//gs, '').replace(/(?<!:)\/\/[^\n]*/g, '')
  const places = text.matchAll(/(?:new EffigyError\(|\bcode:|Code =)([^,;{}]*)/g)
  return [...places].flatMap(([, given = '']) => {
    // Neither what it is compared with, nor what something is asked about, nor a part of a type.
    const [first = ''] = given.split('readonly')
    const said = first.replace(/[!=]==\s*'[^']*'|\w\([^()]*\)|\['\w+'\]/g, '')
    return Array.from(said.matchAll(/'([a-z0-9]+(?:-[a-z0-9]+)*)'/g), ([, code = '']) => code)
  })
}

const found = new Set(Object.values(sources).flatMap(codesIn))
const excepted: readonly string[] = Object.values(wordless).flatMap((codes) => codes.split(' '))

test('the sources are read', () => {
  expect(found.size).toBeGreaterThan(250)
  // Thrown on the spot, given as a value, one of two, behind a name.
  for (const code of ['no-hub', 'media-cannot-clean', 'absent', 'taken-down']) expect(found).toContain(code)
})

test('each code has a family of words, or stands among those that nobody reads', () => {
  const without = [...found].filter((code) => faultFamily(code) === 'unknown' && !excepted.includes(code))
  expect(without.sort()).toEqual([])
})

test('no exception is left over, and none has words after all', () => {
  expect(excepted.filter((code) => !found.has(code))).toEqual([])
  expect(excepted.filter((code) => faultFamily(code) !== 'unknown')).toEqual([])
  expect(new Set(excepted).size).toBe(excepted.length)
})

test('a wait that took too long is nobody who answers', () => {
  expect(faultFamily(codeOf(new DOMException('too long', 'TimeoutError')))).toBe('away')
  expect(codeOf(new DOMException('given up', 'AbortError'))).toBe('unknown')
})

test('what ends the page for good says to load it again, or where it works', () => {
  expect(finalCodes.filter((code) => !['reload', 'insecure'].includes(faultFamily(code)))).toEqual([])
})
