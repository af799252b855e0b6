/**
 * Writes `spec/vectors/{entries,heads,varints}.json`. Run by hand when a rule is added:
 * `node packages/core/test/make-vectors.ts`; the tests then hold the code to what stands there.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { encodeBase64url } from '../src/base.ts'
import { parseUtf8, utf8 } from '../src/bytes.ts'
import { type Entry, maxEntryBytes, signEntry, writeEntryJson } from '../src/entry.ts'
import { encodeCompactHead, encodeHeadRecord, signHead, writeHeadJson } from '../src/head-record.ts'
import { rawCid } from '../src/names.ts'
import { keyIdBytes, maxInnerEntryBytes, sealedOverheadBytes } from '../src/sealed-entry.ts'
import { createByteWriter } from '../src/varint.ts'
import { author, chainOf, note, sha256 } from './world.ts'

const alice = author(1)
const bob = author(2)
const [first, second] = await chainOf(alice, [note('hello'), note('again')])
if (first === undefined || second === undefined) throw new Error('two entries')
const base: Entry = second.entry
const text = (bytes: Uint8Array) => parseUtf8(bytes) as string
const signed = async (entry: Entry) => text((await signEntry(entry, alice.signer, sha256)).bytes)
/** The JSON changed as text, signed as it then is. */
const forged = async (change: (json: string) => string) => {
  const json = change(writeEntryJson(base))
  const signature = await alice.signer.signBytes(utf8(`effigy/entry/1\n${json}`))
  return `${json}\n${encodeBase64url(signature)}`
}
const fill = async (bytes: number) => {
  const empty = (await signed({ ...base, payload: '' })).length
  return signed({ ...base, payload: 'x'.repeat(bytes - empty) })
}
/** The shape of a sealed entry around `inner` bytes; a box of zeros. */
const sealed = (inner: number, keyId = keyIdBytes) =>
  `{"v":1,"sealed":"${encodeBase64url(new Uint8Array(keyId))}","box":"${encodeBase64url(new Uint8Array(sealedOverheadBytes + inner))}"}`
const blob = rawCid(utf8('hello world\n'), sha256)
const accept = [
  { name: '[E4] first entry', text: text(first.bytes) },
  { name: '[E4] second entry', text: text(second.bytes) },
  {
    name: '[E5] synod and links',
    text: await signed({
      ...base,
      synod: [bob.identity, first.cid],
      links: [
        [blob, 12],
        [blob, 0],
      ],
    }),
  },
  { name: '[E1] 15,360 bytes', text: await fill(maxEntryBytes) },
  {
    name: '[E4] largest numbers',
    text: await signed({ ...base, length: Number.MAX_SAFE_INTEGER, comparable: Number.MAX_SAFE_INTEGER }),
  },
  { name: '[E8] an empty payload', text: await signed({ ...base, payload: '' }) },
  { name: '[E8] a payload that is no JSON', text: await signed({ ...base, payload: '{"type":' }) },
  {
    name: '[E2] escapes, controls, emoji',
    text: await signed({ ...base, payload: '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028\ufeffé😀' }),
  },
].map((row) => ({ ...row, cid: rawCid(utf8(row.text), sha256) }))
const change = (from: string, to: string) => forged((json) => json.replace(from, to))
const reject = [
  {
    name: '[E1] 15,361 bytes',
    code: 'too-large',
    text: await fill(maxEntryBytes).then((full) => full.replace('"payload":"', '"payload":"x')),
  },
  { name: '[E2] a space', code: 'encoding', text: await change('"v":1', '"v": 1') },
  {
    name: '[E2] fields in another order',
    code: 'encoding',
    text: await change(`"parent":"${base.parent}","length":2`, `"length":2,"parent":"${base.parent}"`),
  },
  { name: '[E2] an unknown field', code: 'encoding', text: await change('"payload"', '"more":1,"payload"') },
  { name: '[E2] a missing field', code: 'encoding', text: await change('"links":[],', '') },
  { name: '[E2] a field twice', code: 'encoding', text: await change('"length":2', '"length":2,"length":2') },
  {
    name: '[E2] an escaped solidus',
    code: 'encoding',
    text: await forged((json) => json.replace('hello', 'h').replace('again', 'a\\/b')),
  },
  { name: '[E2] a lone surrogate', code: 'encoding', text: await change('again', '\\ud800') },
  { name: '[E2] an exponent', code: 'encoding', text: await change('"comparable":2000', '"comparable":2e3') },
  {
    name: '[E2] a field __proto__',
    code: 'encoding',
    text: await change('"payload"', '"__proto__":null,"payload"'),
  },
  { name: '[E3] a later version', code: 'version', text: await change('"v":1', '"v":2') },
  {
    name: '[E3] a later version, whatever it holds',
    code: 'version',
    text: await forged(() => '{"v":9007199254740991,"v":1'),
  },
  {
    name: '[E3] a later version, then version 1',
    code: 'version',
    text: await change('"v":1', '"v":2,"v":1'),
  },
  { name: '[E3] version 1, then a later one', code: 'encoding', text: await change('"v":1', '"v":1,"v":2') },
  {
    name: '[E3] a later version behind another field',
    code: 'encoding',
    text: await change('"v":1,"identity"', '"at":1,"v":2,"identity"'),
  },
  { name: '[E3] version 2.0', code: 'encoding', text: await change('"v":1', '"v":2.0') },
  { name: '[E3] version 2e0', code: 'encoding', text: await change('"v":1', '"v":2e0') },
  { name: '[E3] version 02', code: 'encoding', text: await change('"v":1', '"v":02') },
  { name: '[E3] an unsafe version', code: 'encoding', text: await change('"v":1', '"v":9007199254740992') },
  { name: '[E3] a space before the version', code: 'encoding', text: await change('"v":1', '"v": 2') },
  { name: '[E3] a version and no more', code: 'encoding', text: await forged(() => '{"v":2}') },
  {
    name: '[E3] a later version without signature',
    code: 'encoding',
    text: await change('"v":1', '"v":2').then((entry) => entry.slice(0, entry.indexOf('\n'))),
  },
  {
    name: '[E3] a later version of 15,361 bytes',
    code: 'too-large',
    text: await fill(maxEntryBytes).then((full) =>
      full.replace('"v":1', '"v":2').replace('"payload":"', '"payload":"x'),
    ),
  },
  { name: '[E3] version 0', code: 'encoding', text: await change('"v":1', '"v":0') },
  { name: '[E3] version as text', code: 'encoding', text: await change('"v":1', '"v":"1"') },
  { name: '[E4] length 0', code: 'encoding', text: await change('"length":2', '"length":0') },
  { name: '[E4] length 1 with a parent', code: 'encoding', text: await change('"length":2', '"length":1') },
  {
    name: '[E4] length 2 without a parent',
    code: 'encoding',
    text: await change(`"parent":"${base.parent}"`, '"parent":null'),
  },
  {
    name: '[E4] an unsafe length',
    code: 'encoding',
    text: await change('"length":2', '"length":9007199254740992'),
  },
  {
    name: '[E4] a negative comparable',
    code: 'encoding',
    text: await change('"comparable":2000', '"comparable":-1'),
  },
  {
    name: '[E4] a parent that is a directory',
    code: 'encoding',
    text: await change('"parent":"bafkrei', '"parent":"bafybei'),
  },
  {
    name: '[E5] a synod of one',
    code: 'encoding',
    text: await change('"synod":null', `"synod":["${bob.identity}"]`),
  },
  {
    name: '[E5] a link without size',
    code: 'encoding',
    text: await change('"links":[]', `"links":[["${blob}"]]`),
  },
  {
    name: '[E5] a link with a negative size',
    code: 'encoding',
    text: await change('"links":[]', `"links":[["${blob}",-1]]`),
  },
  {
    name: '[N2] an identity that is no Ed25519 key',
    code: 'encoding',
    text: await change('did:key:z6Mk', 'did:key:z6Ls'),
  },
  {
    name: '[N3] a CID in upper case',
    code: 'encoding',
    text: await change(base.parent as string, (base.parent as string).toUpperCase()),
  },
  { name: '[E9] a sealed entry', code: 'sealed', text: sealed(300) },
  { name: '[E9] the smallest sealed entry', code: 'sealed', text: sealed(1) },
  { name: '[E9] the largest sealed entry', code: 'sealed', text: sealed(maxInnerEntryBytes) },
  { name: '[E9] nothing sealed', code: 'encoding', text: sealed(0) },
  { name: '[E9] over 11,264 bytes sealed', code: 'encoding', text: sealed(maxInnerEntryBytes + 1) },
  { name: '[E9] sealed, 15,361 bytes', code: 'too-large', text: sealed(11_443) },
  { name: '[E9] a key id of 15 bytes', code: 'encoding', text: sealed(300, 15) },
  { name: '[E9] a key id of 17 bytes', code: 'encoding', text: sealed(300, 17) },
  {
    name: '[E9] a box in another spelling',
    code: 'encoding',
    text: sealed(300).replace(/.(?="}$)/, 'B'),
  },
  { name: '[E9] padded base64url', code: 'encoding', text: sealed(300).replace('"}', '="}') },
  { name: '[E9] a space', code: 'encoding', text: sealed(300).replace(',"box"', ', "box"') },
  { name: '[E9] a field more', code: 'encoding', text: sealed(300).replace('}', ',"more":1}') },
  {
    name: '[E9] fields in another order',
    code: 'encoding',
    text: sealed(300).replace(/("sealed":"[^"]*"),("box":"[^"]*")/, '$2,$1'),
  },
  { name: '[E9] a newline behind', code: 'encoding', text: `${sealed(300)}\n` },
  {
    name: '[E9] a signature behind',
    code: 'encoding',
    text: `${sealed(300)}\n${encodeBase64url(new Uint8Array(64))}`,
  },
  {
    name: '[E3] sealed by a later version, without signature',
    code: 'encoding',
    text: sealed(300).replace('"v":1', '"v":2'),
  },
  { name: '[E6] a byte after the signature', code: 'encoding', text: `${text(second.bytes)}\n` },
  { name: '[E6] no signature', code: 'encoding', text: `${writeEntryJson(base)}\n` },
  { name: '[E6] two newlines', code: 'encoding', text: text(second.bytes).replace('\n', '\n\n') },
  { name: '[N1] a signature in another spelling', code: 'encoding', text: respell(text(second.bytes)) },
]

const head = {
  identity: alice.identity,
  epoch: 1,
  length: 2,
  comparable: 2000,
  bytes: first.bytes.length + second.bytes.length,
  head: second.cid,
}
const record = await signHead(head, alice.signer)
const recordText = text(encodeHeadRecord(record))
const forgedHead = async (from: string, to: string) => {
  const json = writeHeadJson(head).replace(from, to)
  return `${json}\n${encodeBase64url(await alice.signer.signBytes(utf8(`effigy/head/1\n${json}`)))}`
}
const heads = {
  accept: [{ name: '[H1] a record', text: recordText, compact: encodeBase64url(encodeCompactHead(record)) }],
  reject: [
    { name: '[H3] epoch 0', code: 'encoding', text: await forgedHead('"epoch":1', '"epoch":0') },
    {
      name: '[H3] epoch above 2^31',
      code: 'encoding',
      text: await forgedHead('"epoch":1', '"epoch":2147483649'),
    },
    { name: '[H1] no bytes', code: 'encoding', text: await forgedHead(`"bytes":${head.bytes}`, '"bytes":0') },
    { name: '[H1] over 512 bytes', code: 'too-large', text: `${recordText}${' '.repeat(300)}` },
    {
      name: '[E2] fields in another order',
      code: 'encoding',
      text: await forgedHead('"epoch":1,"length":2', '"length":2,"epoch":1'),
    },
    { name: '[E3] a later version', code: 'version', text: await forgedHead('"v":1', '"v":2') },
    {
      name: '[E3] a later version, then version 1',
      code: 'version',
      text: await forgedHead('"v":1', '"v":2,"v":1'),
    },
    {
      name: '[E3] version 1, then a later one',
      code: 'encoding',
      text: await forgedHead('"v":1', '"v":1,"v":2'),
    },
    { name: '[E3] version 2.0', code: 'encoding', text: await forgedHead('"v":1', '"v":2.0') },
    { name: '[E3] version 2e0', code: 'encoding', text: await forgedHead('"v":1', '"v":2e0') },
    { name: '[E3] version 0', code: 'encoding', text: await forgedHead('"v":1', '"v":0') },
  ],
}

const numbers = [0, 1, 127, 128, 300, 16_383, 16_384, 2 ** 31, 1_763_683_200_000, Number.MAX_SAFE_INTEGER]
const varints = {
  accept: numbers.map((value) => {
    const writer = createByteWriter()
    writer.varint(value)
    return { value, hex: hex(writer.take()) }
  }),
  reject: [
    { name: '[M4] not the shortest', hex: '8000' },
    { name: '[M4] cut off', hex: '80' },
    { name: '[M4] above 2^53 - 1', hex: 'ffffffffffffff1f' },
    { name: '[M4] nine bytes', hex: '808080808080808001' },
  ],
}

write('entries', { seeds: 'alice: 32 times 0x01', accept, reject })
write('heads', heads)
write('varints', varints)

function write(name: string, value: unknown): void {
  const path = new URL(`../../../spec/vectors/${name}.json`, import.meta.url)
  writeFileSync(path, `${JSON.stringify(value, null, 1)}\n`)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The same 64 bytes with one of the spare bits of the last character set. */
function respell(entry: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(entry.slice(-1))
  return entry.slice(0, -1) + alphabet[last | 1]
}
