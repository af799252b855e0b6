/**
 * People with fixed names: what `spec/vectors/people.json` holds.
 *
 * @module
 */
import type { Root } from '../src/account/keys.ts'
import { encodeBase64url } from '../src/base.ts'
import { concatBytes } from '../src/bytes.ts'
import { writeSafetyCode } from '../src/codes/safety-code.ts'
import type { Account } from '../src/payloads/accounts.ts'
import { nameFacts, nameSkeleton } from '../src/people/look-alike.ts'
import { safetyPictures } from '../src/people/pictures.ts'
import { safetyNumber } from '../src/people/safety-number.ts'
import { codeBody, codeText } from './code-world.ts'
import { author, sha256 } from './world.ts'

const rootOf = (byte: number): Root => encodeBase64url(new Uint8Array(32).fill(byte)) as Root

const alice: Account = { identity: author(1).identity, root: rootOf(7) }
const bob: Account = { identity: author(2).identity, root: rootOf(9) }
const loner: Account = { identity: author(3).identity, root: null }

const pairs: readonly (readonly [string, Account, Account])[] = [
  ['two accounts', alice, bob],
  ['the other way round', bob, alice],
  ['after a move of one', { ...alice, identity: author(4).identity }, bob],
  ['an account and a lone device', loner, alice],
  ['a root of the same bytes as a key', { identity: author(5).identity, root: rootOfKey() }, alice],
]

/** A root is no key, whatever its bytes. */
function rootOfKey(): Root {
  return encodeBase64url(author(3).signer.publicKey) as Root
}

/** Groups of names that look alike within a group, and not between groups. */
export const lookAlikes: readonly (readonly string[])[] = [
  [
    'Alice',
    'alice',
    'AIice',
    'A1ice',
    'Αlісе',
    'Ａｌｉｃｅ',
    '𝓐lice',
    'Alice ✔',
    'Al\u200bice',
    '\u202eAlice\u202c',
    'A.l-i_c e',
  ],
  ['Alicé', 'Alice\u0301', 'АLICÉ'],
  ['Bob', 'В0b', 'ВОВ', 'Воb'],
  ['Maria', 'rnaria', 'Mаriа'],
  ['Сергей', 'Cepгeй', 'ceргeй'],
  ['Ελένη', 'Eλένη'],
  ['wendy', 'vvendy', 'ԝendy'],
  ['ﬁona', 'fiona', 'FIONA'],
  ['مريم', 'م\u200fريم'],
  ['🦊', '🦊\ufe0f'],
  ['李雷'],
  ['Zoë', 'zoe\u0308'],
]

export const oddNames: readonly (readonly [name: string, facts: readonly string[]])[] = [
  ['Alice', []],
  ['Zoë Müller-Ødegård', []],
  ['Пётр', []],
  ['Ωμέγα 3', []],
  ['Αlice', ['mixed-scripts']],
  ['Alice Иванова', []],
  ['pауpal', ['mixed-scripts']],
  ['Al\u200bice', ['invisible']],
  ['Al\u200dice', ['invisible']],
  ['Alice\u3164', ['invisible']],
  ['Alice\u{e0041}', ['invisible']],
  ['ec\u202eilA', ['direction']],
  ['\u2066Alice\u2069', ['direction']],
  ['ра\u202eyal', ['direction', 'mixed-scripts']],
  ['علی\u200cرضا', []],
  ['שלום\u200f', []],
  ['क्\u200dष', []],
  ['👩‍👩‍👧', []],
  ['❤️', []],
  ['👩🏽‍🚀 Ada', []],
  ['🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}', []],
]

export function peopleVectors() {
  const number = safetyNumber(alice, bob)
  const text = writeSafetyCode({ ...alice, number }, sha256)
  const lone = safetyNumber(loner, alice)
  const body = codeBody(text)
  const withByte = (at: number, value: number): string => {
    const copy = new Uint8Array(body)
    copy[at] = value
    return codeText('effigy-safety-1-', copy)
  }
  return {
    about:
      'Rules Y42-Y45: numbers of two people, the code of one shown to the other, names that look alike (one skeleton a group), what is odd about names.',
    numbers: pairs.map(([name, one, other]) => {
      const number = safetyNumber(one, other)
      return { name, one, other, number, pictures: safetyPictures(number).map(({ emoji }) => emoji) }
    }),
    codes: [
      { name: 'of an account', text, says: { ...alice, number } },
      {
        name: 'of a lone device',
        text: writeSafetyCode({ ...loner, number: lone }, sha256),
        says: { ...loner, number: lone },
      },
      { name: 'behind the # of an address', text: `https://a.example/x#${text}`, says: { ...alice, number } },
    ],
    refused: [
      { name: 'nothing', text: '', code: 'code-foreign' },
      {
        name: 'a link code',
        text: codeText('effigy-link-1-', body),
        code: 'code-link',
      },
      { name: 'an invite', text: 'effigy-invite-1-AAAA', code: 'code-invite' },
      { name: 'a later version', text: codeText('effigy-safety-2-', body), code: 'code-version' },
      { name: 'a letter missing', text: text.slice(0, -1), code: 'code-damaged' },
      { name: 'neither with nor without root', text: withByte(32, 2), code: 'code-damaged' },
      { name: 'a digit above nine', text: withByte(70, 0x1a), code: 'code-damaged' },
      {
        name: 'a byte more',
        text: codeText('effigy-safety-1-', concatBytes(body, Uint8Array.of(0))),
        code: 'code-damaged',
      },
    ],
    names: lookAlikes.map((names) => ({ skeleton: nameSkeleton(names[0] ?? ''), names })),
    odd: oddNames.map(([name]) => ({ name, facts: nameFacts(name) })),
  }
}
