/**
 * What privacy costs: boxes of conversations sealed and opened, age with 16 readers, encrypted files. In CPU time of one
 * thread, each beside the bare operations in the same run.
 *
 * @module
 */
import { hash, hkdfSync } from 'node:crypto'
import { concatBytes, encodeBase64url, type Identity, identityOfKey } from '@effigy/core'
import {
  type BoxKey,
  type Crypto,
  openAge,
  openBox,
  openStream,
  sealAge,
  sealBox,
  sealStream,
} from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import { createRandom } from '@effigy/testkit'
import sodium from 'sodium-native'
import { cpuSeconds, type Figure, figure } from './figure.ts'

const messages = 10_000
const knownKeys = 200
const authors = 25
/** Each author is in so many of the conversations. */
const keysOfAuthor = 16
const readers = 16
const letters = 100
const fileBytes = 32 * 1024 * 1024

/** As long as people write: some 200 characters. */
const payload = JSON.stringify({
  type: 'private_note',
  at: 1_800_000_000_000,
  text: 'lorem ipsum '.repeat(12),
})

interface Message {
  readonly author: number
  readonly key: BoxKey
  readonly text: string
}

interface Author {
  readonly identity: Identity
  readonly keys: readonly BoxKey[]
}

export async function* bench(): AsyncGenerator<Figure> {
  const crypto = createNodeCrypto()
  const random = createRandom('private')
  const keys: readonly BoxKey[] = Array.from({ length: knownKeys }, () => ({
    conversation: encodeBase64url(random.bytes(16)),
    generation: 1,
    key: random.bytes(32),
  }))
  const people: readonly Author[] = Array.from({ length: authors }, (_, at) => ({
    identity: identityOfKey(new Uint8Array(32).fill(at)),
    keys: Array.from({ length: keysOfAuthor }, (_, one) => keys[(at * 8 + one) % knownKeys] as BoxKey),
  }))
  const written: Message[] = []
  const sealSeconds = cpuOf(() => {
    for (let at = 0; at < messages; at++) {
      const author = random.integer(authors)
      const { identity, keys: own } = people[author] as Author
      const key = own[random.integer(keysOfAuthor)] as BoxKey
      written.push({ author, key, text: sealBox({ author: identity, ...key, payload, crypto }) })
    }
  })
  const bareSeal = cpuOf(() => bareSeals(written.length))
  yield figure('seal a box', (sealSeconds / messages) * 1000, 'CPU ms', {
    ratio: ((sealSeconds / messages) * 1000) / 0.3,
    of: '0.3 ms at most',
  })
  yield figure('seal a box, beside the bare operations', messages / sealSeconds, 'boxes/CPU s', {
    ratio: bareSeal / sealSeconds,
    of: 'one HKDF and XChaCha20-Poly1305 of the same bytes alone',
  })

  const bareOpen = cpuOf(() => bareOpens(written.length))
  const inAnyOrder = cpuOf(() => openAll(written, people, crypto))
  yield* opening('open boxes, every message of another conversation', inAnyOrder, bareOpen)
  // The one that opens it stands last: what a reader without locality pays at most.
  const foreign = Array.from(
    { length: keysOfAuthor - 1 },
    () => ({ ...keys[0], key: random.bytes(32) }) as BoxKey,
  )
  const listed = written.map(({ author, text, key }) => ({ author, text, candidates: [...foreign, key] }))
  const worst = cpuOf(() => {
    for (const { author, text, candidates } of listed) {
      const opened = openBox(text, (people[author] as Author).identity, candidates, crypto)
      if (!opened.ok) throw new Error(opened.error.code)
    }
  })
  yield* opening('open boxes, 16 keys tried', worst, bareOpen)

  yield* age(crypto)
  yield* files(crypto)
}

function* opening(name: string, seconds: number, bare: number): Generator<Figure> {
  const rate = messages / seconds
  yield figure(name, rate, 'boxes/CPU s', { ratio: rate / 5000, of: '5,000 a second asked' })
  yield figure(`${name}, beside the bare operations`, rate, 'boxes/CPU s', {
    ratio: bare / seconds,
    of: 'one HKDF and XChaCha20-Poly1305 of the same bytes alone',
  })
}

/** With the key that an author used last tried first, as a reader keeps them. */
function openAll(written: readonly Message[], people: readonly Author[], crypto: Crypto): void {
  const known = people.map(({ keys }) => [...keys])
  for (const { author, text } of written) {
    const candidates = known[author] as BoxKey[]
    const opened = openBox(text, (people[author] as Author).identity, candidates, crypto)
    if (!opened.ok) throw new Error(opened.error.code)
    const { key } = opened.value
    candidates.splice(candidates.indexOf(key), 1)
    candidates.unshift(key)
  }
}

const padded = new Uint8Array(256)
const associated = new Uint8Array(120)

function bareSeals(count: number): void {
  const [key, nonce] = [new Uint8Array(32), new Uint8Array(24)]
  for (let at = 0; at < count; at++) {
    hkdfSync('sha256', key, nonce, 'effigy/box/1', 48)
    const sealed = new Uint8Array(padded.length + 16)
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, padded, associated, null, nonce, key)
  }
}

function bareOpens(count: number): void {
  const [key, nonce, sealed] = [new Uint8Array(32), new Uint8Array(24), new Uint8Array(padded.length + 16)]
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, padded, associated, null, nonce, key)
  for (let at = 0; at < count; at++) {
    hkdfSync('sha256', key, nonce, 'effigy/box/1', 48)
    const plaintext = new Uint8Array(padded.length)
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext, null, sealed, associated, nonce, key)
  }
}

async function* age(crypto: Crypto): AsyncGenerator<Figure> {
  const own = await Promise.all(
    Array.from({ length: readers }, () => crypto.agreementKey(crypto.randomBytes(32))),
  )
  const recipients = own.map(({ publicKey }) => publicKey)
  const note = { from: 'did:key:z6Mk', context: 'note', body: { text: payload } }
  let text = ''
  const sealing = await cpuOfAsync(async () => {
    for (let at = 0; at < letters; at++) {
      const sealed = await sealAge({ ...note, recipients, crypto })
      if (!sealed.ok) throw new Error(sealed.error.code)
      text = sealed.value
    }
  })
  const bare = cpuOf(() => {
    const [point, shared, secret] = [new Uint8Array(32), new Uint8Array(32), crypto.randomBytes(32)]
    for (let at = 0; at < readers * letters; at++) {
      sodium.crypto_scalarmult_base(point, secret)
      sodium.crypto_scalarmult(shared, secret, point)
    }
  })
  const reader = [own[readers - 1] as (typeof own)[number]]
  const openingSeconds = await cpuOfAsync(async () => {
    for (let at = 0; at < letters; at++) await openAge(text, reader, crypto)
  })
  const sealMs = (sealing / letters) * 1000
  yield figure(`age with ${readers} readers`, sealMs, 'CPU ms', { ratio: sealMs / 60, of: '60 ms at most' })
  yield figure(`age with ${readers} readers, beside the bare operations`, sealMs, 'CPU ms', {
    ratio: bare / sealing,
    of: 'their X25519 operations alone',
  })
  yield figure(`age with ${readers} readers, opened by one`, (openingSeconds / letters) * 1000, 'CPU ms')
}

async function* files(crypto: Crypto): AsyncGenerator<Figure> {
  const megabytes = fileBytes / 1e6
  const piece = crypto.randomBytes(256 * 1024)
  const source = Array.from({ length: fileBytes / piece.length }, () => piece)
  const sealed: Uint8Array[] = []
  const stream = sealStream(source, { crypto })
  let next = await stream.next()
  const sealing = await cpuOfAsync(async () => {
    for (; next.done !== true; next = await stream.next()) sealed.push(next.value)
  })
  if (next.done !== true) return
  const secret = next.value
  const hashing = cpuOf(() => {
    for (const one of source) hash('sha256', one, 'binary')
  })
  const bare =
    hashing +
    cpuOf(() => {
      for (let at = 0; at < fileBytes / 65_536; at++) {
        crypto.seal(secret.key, new Uint8Array(12), new Uint8Array(0), piece.subarray(0, 65_536))
      }
    })
  const ciphertext = concatBytes(...sealed)
  const read = (range: { readonly offset: number; readonly length: number }) => [
    ciphertext.subarray(range.offset, range.offset + range.length),
  ]
  const whole = await cpuOfAsync(async () => {
    for await (const opened of openStream(read, { ...secret, crypto }))
      if (!opened.ok) throw new Error(opened.error.code)
  })
  const of = 'cipher and SHA-256 of the same bytes alone'
  yield figure('encrypt a file', megabytes / sealing, 'MB/CPU s', { ratio: bare / sealing, of })
  yield figure('decrypt a file', megabytes / whole, 'MB/CPU s', { ratio: bare / whole, of })
}

function cpuOf(work: () => void): number {
  const started = cpuSeconds()
  work()
  return cpuSeconds() - started
}

async function cpuOfAsync(work: () => Promise<void>): Promise<number> {
  const started = cpuSeconds()
  await work()
  return cpuSeconds() - started
}
