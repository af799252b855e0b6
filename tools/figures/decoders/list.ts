/**
 * Every decoder of bytes or texts from outside, and what valid input for it looks like.
 *
 * @module
 */
import {
  cidDigest,
  dagCidOfDigest,
  decodeCompactHead,
  decodeDrop,
  decodeEntry,
  decodeHeadRecord,
  decodeLease,
  decodeReceipt,
  type Identity,
  identityOfKey,
  imageVerdict,
  inspectImage,
  knownTypes,
  parseCid,
  parseIdentity,
  parsePhrase,
  parseStrictJson,
  type RawCid,
  rawCid,
  readPayload,
  stripImage,
  utf8,
} from '@effigy/core'
import { openAge, parseVaultContents, sealAge } from '@effigy/crypto'
import { createNodeCrypto } from '@effigy/crypto/node'
import {
  type Block,
  createMemoryBlocks,
  decodeNode,
  importDirectory,
  importFile,
  listDirectory,
  readCar,
  writeCar,
} from '@effigy/store'
import {
  decodeFrame,
  decodeMessage,
  type ExpectedBatch,
  readCids,
  readHeads,
  readIdentities,
  rebuildBatch,
} from '@effigy/sync'
import { parseCommandLine } from '../../../apps/hub/src/config/command-line.ts'
import { readConfig } from '../../../apps/hub/src/config/config.ts'
import { handshakeDecoders } from './handshake.ts'
import { privateDecoders } from './private.ts'
import {
  batchSamples,
  compactHeadSamples,
  entrySamples,
  frameSamples,
  headSamples,
  hex,
  imageSamples,
  jsonSamples,
  nodeSamples,
  payloadSamples,
  phraseSamples,
  serviceSamples,
} from './samples.ts'

export interface Decoder {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  /** Of N inputs each; less than 1 where one costs much. */
  readonly share: number
  /** Takes any bytes; whatever it gives, it may not throw. */
  readonly decode: (input: Uint8Array) => unknown
}

const crypto = createNodeCrypto()
const { sha256 } = crypto
const text = new TextDecoder()
const never = new AbortController().signal

/** A seeded stand-in for texts that are no UTF-8: as a form or an environment could hold them. */
const textOf = (input: Uint8Array): string =>
  input.length % 7 === 0 ? String.fromCharCode(...new Uint16Array(input.slice(0, 512))) : text.decode(input)

export async function listDecoders(): Promise<readonly Decoder[]> {
  return [
    { name: 'entry', samples: entrySamples, share: 1, decode: (input) => decodeEntry(input, sha256) },
    { name: 'head record', samples: headSamples, share: 1, decode: decodeHeadRecord },
    { name: 'compact head', samples: compactHeadSamples, share: 1, decode: decodeCompactHead },
    { name: 'drop', samples: serviceSamples('drop'), share: 1, decode: decodeDrop },
    { name: 'lease', samples: serviceSamples('lease'), share: 1, decode: decodeLease },
    { name: 'receipt', samples: serviceSamples('receipt'), share: 1, decode: decodeReceipt },
    {
      name: 'strict JSON',
      samples: jsonSamples,
      share: 1,
      decode: (input) => parseStrictJson(textOf(input)),
    },
    ...knownTypes.map(payloadDecoder),
    ...frameSamples.map(({ name, bytes }) => messageDecoder(name, bytes)),
    { name: 'lists', samples: compactHeadSamples, share: 1, decode: readLists },
    ...batchSamples.map(batchDecoder),
    ...handshakeDecoders(crypto),
    { name: 'image', samples: imageSamples, share: 1, decode: judgeImage },
    await nodeDecoder(),
    await carDecoder(),
    await ageDecoder(),
    ...privateDecoders(crypto, someIdentity),
    { name: 'phrase', samples: phraseSamples, share: 1, decode: (input) => parsePhrase(textOf(input)) },
    {
      name: 'names',
      samples: [utf8(someIdentity), utf8(someCid)],
      share: 1,
      decode: (input) => [parseIdentity(textOf(input)), parseCid(textOf(input))],
    },
    { name: 'vault', samples: [vaultText()], share: 1, decode: (input) => parseVaultContents(textOf(input)) },
    ...hubDecoders(),
  ]
}

const someIdentity: Identity = identityOfKey(new Uint8Array(32).fill(7))
const someCid: RawCid = rawCid(utf8('some'), sha256)

/** One type takes a tenth of the inputs: there are twenty, and one reader. */
function payloadDecoder(type: string): Decoder {
  const samples = payloadSamples.filter((sample) => sample.type === type)
  const [first] = samples
  if (first === undefined) throw new Error(`no vector of a ${type}`)
  return {
    name: `payload ${type}`,
    samples: samples.map(({ bytes }) => bytes),
    share: 0.1,
    decode: (input) => [
      readPayload(textOf(input), first.place),
      readPayload(textOf(input), { detached: true }),
    ],
  }
}

function messageDecoder(name: string, sample: Uint8Array): Decoder {
  return {
    name: `frame ${name}`,
    samples: [sample],
    share: 0.05,
    decode(input) {
      const frame = decodeFrame(input)
      return frame.ok ? decodeMessage(frame.value) : frame
    },
  }
}

function readLists(input: Uint8Array): unknown {
  return [readCids(input), readIdentities(input), readHeads(input, 1 + (input[0] ?? 0) * 5)]
}

function batchDecoder(sample: (typeof batchSamples)[number], index: number): Decoder {
  const expected: ExpectedBatch = {
    identity: parseIdentity(sample.identity) ?? someIdentity,
    first: sample.first,
    count: sample.count,
    top: (parseCid(sample.top) ?? someCid) as RawCid,
    sha256,
    oldEntry: () => null,
  }
  return {
    name: `batch ${index + 1}`,
    samples: [hex(sample.batch)],
    share: 0.1,
    decode: (input) => rebuildBatch(input, expected),
  }
}

function judgeImage(input: Uint8Array): unknown {
  return [imageVerdict(input), inspectImage(input), stripImage(input)]
}

/** Nodes of a real file and directory, and those that the specification refuses. */
async function nodeDecoder(): Promise<Decoder> {
  const { blocks } = await someDag()
  const nodes = blocks.filter(({ bytes }) => bytes.length < 16_384).map(({ bytes }) => bytes)
  return {
    name: 'UnixFS node',
    samples: [...nodes, ...nodeSamples.filter(({ length }) => length > 0 && length < 16_384)],
    share: 1,
    decode(input) {
      const cid = dagCidOfDigest(sha256(input))
      const found = createMemoryBlocks()
      if (input.length < 300_000) found.put(cid, input)
      return [decodeNode(cid, input), listDirectory(cid, found)]
    },
  }
}

async function carDecoder(): Promise<Decoder> {
  const { root, blocks } = await someDag()
  const parts: Uint8Array[] = []
  for await (const part of writeCar(
    [root],
    blocks.filter(({ bytes }) => bytes.length < 4_096),
  ))
    parts.push(part)
  return {
    name: 'CAR',
    samples: [new Uint8Array(Buffer.concat(parts))],
    share: 0.1,
    async decode(input) {
      let items = 0
      for await (const _ of readCar([input], { sha256, signal: never })) items++
      return items
    },
  }
}

async function someDag() {
  const store = createMemoryBlocks()
  const blocks: Block[] = []
  const recording = {
    ...store,
    put(cid: Block['cid'], bytes: Uint8Array) {
      if (!store.has(cid)) blocks.push({ cid, bytes: bytes.slice() })
      store.put(cid, bytes)
    },
  }
  await importFile([new Uint8Array(600_000).fill(3)], recording, { signal: never })
  const files = Array.from({ length: 20 }, (_, index) => ({
    path: `folder/${index}.txt`,
    content: [utf8(`${index}`)],
  }))
  const directory = await importDirectory(files, recording, { signal: never })
  if (!directory.ok) throw new Error(directory.error.code)
  if (cidDigest(directory.value.cid).length !== 32) throw new Error('no name')
  return { root: directory.value.cid, blocks }
}

async function ageDecoder(): Promise<Decoder> {
  const key = await crypto.agreementKey(new Uint8Array(32).fill(9))
  const sealed = await sealAge({
    from: someIdentity,
    context: 'note',
    body: { type: 'private_note', at: 1, text: 'for me' },
    recipients: [key.publicKey],
    crypto,
  })
  if (!sealed.ok) throw new Error(sealed.error.code)
  return {
    name: 'age',
    samples: [utf8(sealed.value)],
    share: 0.02,
    decode: (input) => openAge(textOf(input), [key], crypto),
  }
}

function vaultText(): Uint8Array {
  const secret = 'A'.repeat(43)
  const synod = { key: secret, n: 3 }
  return utf8(JSON.stringify({ v: 2, instance: 3, seed: secret, box: secret, phrase: null, synod }))
}

function hubDecoders(): readonly Decoder[] {
  const file = utf8('{"port":7337,"host":"127.0.0.1","name":"hub","maxConnections":100,"members":"anyone"}')
  const read = (sources: Partial<Parameters<typeof readConfig>[0]>): unknown =>
    readConfig({ file: null, environment: {}, flags: new Map(), defaultHome: 'home', ...sources })
  return [
    {
      name: 'hub file',
      samples: [file],
      share: 0.1,
      decode: (input) => read({ file: { path: 'hub.json', text: textOf(input), named: true } }),
    },
    {
      name: 'hub environment',
      samples: [utf8('EFFIGY_HUB_PORT\n7337'), utf8('EFFIGY_HUB_MEMBERS\nanyone')],
      share: 0.1,
      decode(input) {
        const [name = '', value = ''] = textOf(input).slice(0, 4_096).split('\n')
        return read({ environment: { [name]: value } })
      },
    },
    {
      name: 'hub command line',
      samples: [
        utf8('--port\n7337'),
        utf8('config\nshow\n--origin'),
        utf8('--host=127.0.0.1\n--trust-proxy'),
      ],
      share: 0.1,
      decode(input) {
        const line = parseCommandLine(textOf(input).slice(0, 4_096).split('\n'))
        return line.ok ? read({ flags: line.value.flags }) : line
      },
    },
  ]
}
