/** Writes the vectors of service records anew: `node packages/core/test/write-service-vectors.ts`. */
import { writeFileSync } from 'node:fs'
import { encodeBase64url } from '../src/base.ts'
import { parseUtf8 } from '../src/bytes.ts'
import { rawCidOfDigest } from '../src/names.ts'
import {
  type Drop,
  dropNonce,
  type Lease,
  type Offer,
  offerId,
  signDrop,
  signFeedLetter,
  signLease,
  signOffer,
  signReceipt,
} from '../src/services/index.ts'
import { author } from './world.ts'

const [alice, bob, hub] = [author(1), author(2), author(9)]
const head = rawCidOfDigest(new Uint8Array(32).fill(7))
const drop: Drop = {
  from: alice.identity,
  to: bob.identity,
  nonce: dropNonce(new Uint8Array(16).fill(5)),
  at: 1_790_000_000_000,
  payload: { type: 'private_note', text: 'hello ☃' },
}
const lease: Lease = {
  holder: hub.identity,
  for: alice.identity,
  epoch: 2,
  length: 40,
  head,
  blobs: 1_048_576,
  until: 1_792_592_000_000,
  bytes: 268_435_456,
  at: 1_790_000_000_000,
}
const text = (bytes: Uint8Array): string => parseUtf8(bytes) ?? ''
const dropText = text(await signDrop(drop, alice.signer))
const leaseText = text(await signLease(lease, hub.signer))
const receipt = { holder: hub.identity, for: alice.identity, head, at: 1_790_000_000_000 }
const receiptText = text(await signReceipt(receipt, hub.signer))
const letter = { from: alice.identity, epoch: 3, at: 1_790_000_000_000, texts: ['age:AAAA', 'age:BBBB'] }
const offer: Offer = {
  from: alice.identity,
  to: bob.identity,
  id: offerId(new Uint8Array(16).fill(6)),
  at: 1_790_000_000_000,
  hash: encodeBase64url(new Uint8Array(32).fill(8)),
}
const offerText = text(await signOffer(offer, alice.signer))
const letterText = text(await signFeedLetter(letter, alice.signer))

interface Case {
  readonly name: string
  readonly record: 'drop' | 'lease' | 'receipt' | 'letter' | 'offer'
  readonly text: string
}
const accept: readonly Case[] = [
  { name: 'a drop', record: 'drop', text: dropText },
  { name: 'a lease', record: 'lease', text: leaseText },
  {
    name: 'a lease without files or end',
    record: 'lease',
    text: text(await signLease({ ...lease, blobs: 0, until: 0, bytes: 0, at: 0 }, hub.signer)),
  },
  { name: 'a receipt', record: 'receipt', text: receiptText },
  { name: 'a letter', record: 'letter', text: letterText },
  { name: 'an offer', record: 'offer', text: offerText },
]
/** `code` `signature`: well formed, and its signature is not valid. */
const reject: readonly (Case & { readonly code: string })[] = [
  { name: 'white space', record: 'drop', text: dropText.replace(',"to"', ', "to"'), code: 'encoding' },
  {
    name: 'an unknown field',
    record: 'drop',
    text: dropText.replace('"at":', '"as":1,"at":'),
    code: 'encoding',
  },
  {
    name: 'a missing field',
    record: 'lease',
    text: leaseText.replace(',"blobs":1048576', ''),
    code: 'encoding',
  },
  {
    name: 'another order',
    record: 'receipt',
    text: receiptText.replace(/"v":1,("holder":"[^"]*")/, '$1,"v":1'),
    code: 'encoding',
  },
  {
    name: 'a nonce of 15 bytes',
    record: 'drop',
    text: dropText.replace(/"nonce":"[^"]*"/, '"nonce":"BQUFBQUFBQUFBQUFBQUF"'),
    code: 'encoding',
  },
  {
    name: 'a payload without a type',
    record: 'drop',
    text: dropText.replace('"type":"private_note",', ''),
    code: 'encoding',
  },
  {
    name: 'a payload that is a list',
    record: 'drop',
    text: dropText.replace(/"payload":\{.*\}\}/, '"payload":[]}'),
    code: 'encoding',
  },
  {
    name: 'a fraction',
    record: 'drop',
    text: dropText.replace('"at":1790000000000', '"at":1.5'),
    code: 'encoding',
  },
  {
    name: 'a time below zero',
    record: 'receipt',
    text: receiptText.replace('"at":1', '"at":-1'),
    code: 'encoding',
  },
  { name: 'epoch 0', record: 'lease', text: leaseText.replace('"epoch":2', '"epoch":0'), code: 'encoding' },
  {
    name: 'an epoch above 2^31',
    record: 'lease',
    text: leaseText.replace('"epoch":2', '"epoch":2147483649'),
    code: 'encoding',
  },
  {
    name: 'length 0',
    record: 'lease',
    text: leaseText.replace('"length":40', '"length":0'),
    code: 'encoding',
  },
  { name: 'a later version', record: 'lease', text: leaseText.replace('"v":1', '"v":2'), code: 'version' },
  { name: 'no signature', record: 'lease', text: leaseText.slice(0, -87), code: 'encoding' },
  { name: 'one byte more', record: 'receipt', text: `${receiptText}\n`, code: 'encoding' },
  { name: 'too large', record: 'receipt', text: `${'x'.repeat(700)}`, code: 'too-large' },
  {
    name: 'no text',
    record: 'letter',
    text: letterText.replace('"age:AAAA","age:BBBB"', ''),
    code: 'encoding',
  },
  {
    name: 'five texts',
    record: 'letter',
    text: letterText.replace('"age:AAAA"', '"age:AA","age:AA","age:AA","age:AA"'),
    code: 'encoding',
  },
  {
    name: 'a box in it',
    record: 'letter',
    text: letterText.replace('age:AAAA', 'box:AAAA'),
    code: 'encoding',
  },
  { name: 'epoch 0', record: 'letter', text: letterText.replace('"epoch":3', '"epoch":0'), code: 'encoding' },
  {
    name: "somebody else's feed",
    record: 'letter',
    text: letterText.replace(alice.identity, hub.identity),
    code: 'signature',
  },
  {
    name: 'somebody else as its sender',
    record: 'drop',
    text: dropText.replace(alice.identity, hub.identity),
    code: 'signature',
  },
  {
    name: 'another receiver',
    record: 'drop',
    text: dropText.replace(bob.identity, hub.identity),
    code: 'signature',
  },
  {
    name: 'a longer time than signed',
    record: 'lease',
    text: leaseText.replace('"until":1792', '"until":1793'),
    code: 'signature',
  },
  {
    name: 'an id of 15 bytes',
    record: 'offer',
    text: offerText.replace(/"id":"[^"]*"/, '"id":"BgYGBgYGBgYGBgYGBgYG"'),
    code: 'encoding',
  },
  {
    name: 'no hash',
    record: 'offer',
    text: offerText.replace(/"hash":"[^"]*"/, '"hash":null'),
    code: 'encoding',
  },
  {
    name: 'another hash',
    record: 'offer',
    text: offerText.replace(/"hash":"[^"]*"/, `"hash":"${encodeBase64url(new Uint8Array(32).fill(9))}"`),
    code: 'signature',
  },
  {
    name: 'another receiver',
    record: 'offer',
    text: offerText.replace(bob.identity, hub.identity),
    code: 'signature',
  },
  {
    name: 'a later time',
    record: 'offer',
    text: offerText.replace('"at":179', '"at":189'),
    code: 'signature',
  },
  {
    name: 'a drop as the signature of an offer',
    record: 'offer',
    text: `${offerText.slice(0, -86)}${dropText.slice(-86)}`,
    code: 'signature',
  },
  {
    name: 'a receipt as the signature of a lease',
    record: 'lease',
    text: `${leaseText.slice(0, -86)}${receiptText.slice(-86)}`,
    code: 'signature',
  },
]
const file = new URL('../../../spec/vectors/services.json', import.meta.url)
writeFileSync(file, `${JSON.stringify({ accept, reject }, null, 1)}\n`)
