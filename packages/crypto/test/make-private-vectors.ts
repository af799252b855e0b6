/**
 * Writes `spec/vectors/box.json` (X3), `sealed.json` (E9, X4) and `stream.json` (K7):
 * `node packages/crypto/test/make-private-vectors.ts`.
 *
 * By a path of its own, so that the vectors prove something: HKDF out of OpenSSL's HMAC, noble's cipher, PADMÉ as its
 * paper writes it. Nothing here comes from `src`.
 *
 * @module
 */
import { createHash, createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const fill = (length: number, byte: number): Buffer => Buffer.alloc(length, byte)

function padme(length: number): number {
  if (length <= 256) return 256
  const exponent = Math.floor(Math.log2(length))
  const lastBits = exponent - (Math.floor(Math.log2(exponent)) + 1)
  return (length + 2 ** lastBits - 1) & ~(2 ** lastBits - 1)
}

/** RFC 5869 for 48 bytes: two blocks. */
function hkdf48(inputKey: Uint8Array, salt: Uint8Array, info: string): Buffer {
  const extracted = createHmac('sha256', salt).update(inputKey).digest()
  const first = createHmac('sha256', extracted).update(info).update(fill(1, 1)).digest()
  const second = createHmac('sha256', extracted).update(first).update(info).update(fill(1, 2)).digest()
  return Buffer.concat([first, second]).subarray(0, 48)
}

const author = 'did:key:z6Mkon3Necd6NkkyfoGoHxid2znGc59LU3K7mubaRcFbLfLX'
/** The public key that `author` names. */
const authorKey = Buffer.from('8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c', 'hex')
const other = 'did:key:z6Mko9hTggMwjSTEaJaPUfE6tqcy2xvU6BnNq3e3o8qVBiyH'
const conversation = url(fill(16, 0x21))
const otherConversation = url(fill(16, 0x22))
const [key, otherKey] = [fill(32, 0x31), fill(32, 0x32)]
const nonce = Buffer.from(Array.from({ length: 24 }, (_, at) => at + 1))

// ---- boxes

function boxBytes(plaintext: Uint8Array, from = author, place = conversation): Buffer {
  const derived = hkdf48(key, nonce, 'effigy/box/1')
  const associated = Buffer.from(`effigy/box/1\n{"author":"${from}","conversation":"${place}"}`)
  const sealed = xchacha20poly1305(derived.subarray(0, 32), nonce, associated).encrypt(plaintext)
  return Buffer.concat([nonce, derived.subarray(32), sealed])
}

function padded(text: string | Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.from(text), fill(1, 10)])
  return Buffer.concat([bytes, fill(padme(bytes.length) - bytes.length, 0)])
}

const boxText = (bytes: Uint8Array): string => `box:${url(bytes)}`
const payload = '{"type":"private_note","at":1800000000000,"text":"hi"}'
const right = boxBytes(padded(payload))
const candidates = [
  [otherConversation, 1, hex(otherKey)],
  [conversation, 3, hex(key)],
]

function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] as number) ^ 1
  return copy
}

const opened = (name: string, text: string) => ({
  name,
  author,
  candidates,
  text: boxText(boxBytes(padded(text))),
  payload: text,
  opens: 1,
})
const noteOf = (length: number): string =>
  payload.replace('"hi"', `"${'x'.repeat(length - payload.length + 2)}"`)

const refusals: readonly (readonly [string, string, string])[] = [
  ['no prefix', boxText(right).slice(4), 'encoding'],
  ['the prefix of age', `age:${boxText(right).slice(4)}`, 'encoding'],
  ['a character of padding', `${boxText(right)}=`, 'encoding'],
  ['nothing inside', 'box:', 'encoding'],
  ['a byte too short for any box', boxText(right.subarray(0, 24 + 16 + 256 + 15)), 'encoding'],
  ['another nonce', boxText(flipped(right, 0)), 'no-key'],
  ['another tag', boxText(flipped(right, 24)), 'no-key'],
  ['another ciphertext', boxText(flipped(right, 40)), 'altered'],
  ['another last byte', boxText(flipped(right, right.length - 1)), 'altered'],
  ['of another author', boxText(boxBytes(padded(payload), other)), 'altered'],
  ['of another conversation', boxText(boxBytes(padded(payload), author, otherConversation)), 'altered'],
  ['one byte more', boxText(Buffer.concat([right, fill(1, 0)])), 'altered'],
  ['no newline', boxText(boxBytes(Buffer.from(payload.padEnd(256, ' ')))), 'content'],
  ['zeros to another length', boxText(boxBytes(Buffer.concat([padded(payload), fill(16, 0)]))), 'content'],
  [
    'something behind the newline',
    boxText(boxBytes(Buffer.concat([padded(payload).subarray(0, 255), fill(1, 1)]))),
    'content',
  ],
  ['no UTF-8', boxText(boxBytes(padded(fill(3, 0xff)))), 'content'],
]

write('box.json', {
  about:
    'Rule X3. Each candidate is [conversation, generation, content read key in hex], in the order in which they are tried; `opens` is the index of the one that opens the text. A text that does not open has a `code`; one of more than 262,144 characters is `too-large`. Texts of `opened` are what their parts give with the nonce that stands in them.',
  opened: [
    opened('a short note', payload),
    opened('no text at all', ''),
    opened('the longest that is padded to 256 bytes', noteOf(255)),
    opened('the shortest that is padded to more', noteOf(256)),
    opened('characters of two, three and four bytes', payload.replace('hi', 'ä€😀')),
    {
      ...opened('a key that serves two conversations: both are tried', payload),
      candidates: [[otherConversation, 1, hex(key)], ...candidates],
      opens: 2,
    },
  ],
  refused: [
    ...refusals.map(([name, text, code]) => ({ name, author, candidates, text, code })),
    { name: 'no key', author, candidates: [], text: boxText(right), code: 'no-key' },
    { name: 'read as of another author', author: other, candidates, text: boxText(right), code: 'altered' },
  ],
})

// ---- sealed entries

const keyIdOf = (feedKey: Uint8Array): Buffer =>
  createHash('sha256').update('effigy/keyid/1\n').update(feedKey).digest().subarray(0, 16)
const nonceOf = (entry: Uint8Array): Buffer =>
  createHmac('sha256', key).update('effigy/sealed/1\n').update(entry).digest().subarray(0, 24)

function sealedBox(plaintext: Uint8Array, from: Uint8Array, entry: Uint8Array): Buffer {
  const entryNonce = nonceOf(entry)
  const associated = Buffer.concat([from, keyIdOf(key)])
  return Buffer.concat([entryNonce, xchacha20poly1305(key, entryNonce, associated).encrypt(plaintext)])
}

const zeros = (entry: Uint8Array): Buffer =>
  Buffer.concat([entry, fill(padme(entry.length) - entry.length, 0)])
const sealedText = (box: Uint8Array): string => `{"v":1,"sealed":"${url(keyIdOf(key))}","box":"${url(box)}"}`

function innerOf(payloadLength: number): Buffer {
  const head = `{"v":1,"identity":"${author}","parent":null,"length":1,"comparable":1800000000000,"synod":null,"links":[],"payload":"`
  return Buffer.from(`${head}${'x'.repeat(payloadLength)}"}\n${url(fill(64, 0x51))}`)
}

const inner = innerOf(20)
const box = sealedBox(zeros(inner), authorKey, inner)
const longest = innerOf(11_264 - innerOf(0).length)
const sealedOf = (name: string, entry: Buffer) => ({
  name,
  identity: author,
  feedKey: hex(key),
  entry: entry.toString(),
  sealed: sealedText(sealedBox(zeros(entry), authorKey, entry)),
})
const sealedRefusals: readonly (readonly [string, string, string])[] = [
  ['a byte beyond the largest entry', sealedText(box).padEnd(15_361, ' '), 'too-large'],
  ['one space', sealedText(box).replace(':', ': '), 'encoding'],
  ['fields in another order', sealedText(box).replace('"v":1,', '').replace('}', ',"v":1}'), 'encoding'],
  ['a character of padding', sealedText(box).replace('"}', '="}'), 'encoding'],
  ['a signature behind', `${sealedText(box)}\n${url(fill(64, 0x51))}`, 'encoding'],
  ['no ciphertext', sealedText(box.subarray(0, 40)), 'encoding'],
  ['more inside than fits', sealedText(sealedBox(fill(11_265, 1), authorKey, inner)), 'encoding'],
  ['another key id', sealedText(box).replace(url(keyIdOf(key)), url(keyIdOf(otherKey))), 'no-key'],
  ['another nonce', sealedText(flipped(box, 0)), 'altered'],
  ['another ciphertext', sealedText(flipped(box, 24)), 'altered'],
  ['another last byte', sealedText(flipped(box, box.length - 1)), 'altered'],
  [
    'a nonce that is not of this entry',
    sealedText(sealedBox(zeros(inner), authorKey, innerOf(21))),
    'altered',
  ],
  ['not padded', sealedText(sealedBox(inner.subarray(0, -2), authorKey, inner.subarray(0, -2))), 'content'],
  [
    'padded too far',
    sealedText(sealedBox(Buffer.concat([zeros(inner), fill(16, 0)]), authorKey, inner)),
    'content',
  ],
  ['nothing but zeros', sealedText(sealedBox(fill(256, 0), authorKey, fill(0, 0))), 'content'],
]

write('sealed.json', {
  about:
    'Rules E9 and X4. Feed read keys in hex; entries and sealed entries as their text. The signature inside is not a true one: that is judged after opening.',
  keyIds: [key, otherKey].map((one) => [hex(one), url(keyIdOf(one))]),
  sealed: [
    sealedOf('a short entry', inner),
    sealedOf('one that needs no zeros', innerOf(256 - innerOf(0).length)),
    sealedOf('one byte more', innerOf(257 - innerOf(0).length)),
    sealedOf('the longest', longest),
  ],
  refused: [
    ...sealedRefusals.map(([name, sealed, code]) => ({
      name,
      identity: author,
      feedKey: hex(key),
      sealed,
      code,
    })),
    {
      name: 'another key',
      identity: author,
      feedKey: hex(otherKey),
      sealed: sealedText(box),
      code: 'no-key',
    },
    {
      name: 'in the feed of another',
      identity: other,
      feedKey: hex(key),
      sealed: sealedText(box),
      code: 'altered',
    },
  ],
})

// ---- encrypted files

const segmentLength = 65_536
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const contentOf = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => at % 251))

function sealSegment(segment: Uint8Array, number: number, isLast: boolean): Buffer {
  const streamNonce = Buffer.alloc(12)
  streamNonce.writeUIntBE(number, 5, 6)
  streamNonce[11] = isLast ? 1 : 0
  return Buffer.from(chacha20poly1305(key, streamNonce).encrypt(segment))
}

/** The segments of a file. */
function segmentsOf(content: Buffer): readonly Buffer[] {
  const count = Math.max(1, Math.ceil(content.length / segmentLength))
  return Array.from({ length: count }, (_, at) =>
    sealSegment(content.subarray(at * segmentLength, (at + 1) * segmentLength), at, at === count - 1),
  )
}

const lengths = [0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, 200_000]
const three = segmentsOf(contentOf(150_000))
/** What is made of the segments 0, 1, 2 of a file of 150,000 bytes: `[segment, from, to]`, parts of their ciphertext. */
const changes: readonly (readonly [string, readonly (readonly [number, number, number])[], string])[] = [
  [
    'without the last segment',
    [
      [0, 0, 65_552],
      [1, 0, 65_552],
    ],
    'length',
  ],
  [
    'without the last byte',
    [
      [0, 0, 65_552],
      [1, 0, 65_552],
      [2, 0, 18_943],
    ],
    'length',
  ],
  [
    'without the last tag',
    [
      [0, 0, 65_552],
      [1, 0, 65_552],
      [2, 0, 18_928],
    ],
    'length',
  ],
  ['nothing', [], 'length'],
  [
    'one byte more',
    [
      [0, 0, 65_552],
      [1, 0, 65_552],
      [2, 0, 18_944],
      [0, 0, 1],
    ],
    'length',
  ],
  [
    'the last segment twice',
    [
      [0, 0, 65_552],
      [1, 0, 65_552],
      [2, 0, 18_944],
      [2, 0, 18_944],
    ],
    'length',
  ],
  [
    'two segments the other way round',
    [
      [1, 0, 65_552],
      [0, 0, 65_552],
      [2, 0, 18_944],
    ],
    'altered',
  ],
  [
    'one segment twice',
    [
      [0, 0, 65_552],
      [0, 0, 65_552],
      [2, 0, 18_944],
    ],
    'altered',
  ],
  [
    'a segment left out',
    [
      [0, 0, 65_552],
      [2, 0, 18_944],
    ],
    'length',
  ],
  [
    'a byte moved from one segment to the next',
    [
      [0, 0, 65_551],
      [1, 0, 65_552],
      [2, 0, 18_944],
      [0, 65_551, 65_552],
    ],
    'altered',
  ],
]

const small = (ciphertext: Uint8Array, bytes = 12) => ({
  ciphertext: url(ciphertext),
  bytes,
  hash: sha256(contentOf(bytes)),
})

write('stream.json', {
  about:
    'Rule K7. Bytes in hex. A file of n bytes has the bytes 0, 1, … 250, 0, 1, …; `hash` is its SHA-256, `ciphertext` that of what it becomes. `refused`: the ciphertext of a file of 150,000 bytes, made of `[segment, from, to]`, read whole. `short` and `others` are whole ciphertexts in base64url; `short` opens.',
  key: hex(key),
  files: lengths.map((length) => {
    const content = contentOf(length)
    const ciphertext = Buffer.concat(segmentsOf(content))
    return {
      bytes: length,
      hash: sha256(content),
      ciphertextBytes: ciphertext.length,
      ciphertext: sha256(ciphertext),
    }
  }),
  short: small(sealSegment(contentOf(12), 0, true)),
  refused: changes.map(([name, parts, code]) => ({
    name,
    parts,
    ciphertext: sha256(
      Buffer.concat(parts.map(([at, from, to]) => (three[at] as Buffer).subarray(from, to))),
    ),
    code,
  })),
  others: [
    { name: 'no ciphertext', ...small(fill(0, 0), 0), code: 'length' },
    {
      name: 'a last segment that is not called so',
      ...small(sealSegment(contentOf(12), 0, false)),
      code: 'altered',
    },
    { name: 'the wrong number', ...small(sealSegment(contentOf(12), 1, true)), code: 'altered' },
    {
      name: 'fewer bytes than the author says',
      ...small(sealSegment(contentOf(12), 0, true), 13),
      code: 'length',
    },
    {
      name: 'more bytes than the author says',
      ...small(sealSegment(contentOf(12), 0, true), 11),
      code: 'altered',
    },
    { name: 'another file than the author says', ...small(sealSegment(fill(12, 7), 0, true)), code: 'hash' },
  ],
})

function write(name: string, vectors: object): void {
  const path = new URL(`../../../spec/vectors/${name}`, import.meta.url)
  writeFileSync(path, `${JSON.stringify(vectors, null, 1)}\n`)
}
