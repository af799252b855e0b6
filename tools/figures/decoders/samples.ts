/**
 * Valid inputs for each decoder, from the vectors of the specification.
 *
 * @module
 */
import { utf8 } from '@effigy/core'
import { ownVectors } from '@effigy/testkit/node'

const json = <Value>(name: string): Value => JSON.parse(ownVectors(name)) as Value

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const base64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))

export const entrySamples: readonly Uint8Array[] = json<{ accept: { text: string }[] }>(
  'entries.json',
).accept.map(({ text }) => utf8(text))

const heads = json<{ accept: { text: string; compact: string }[] }>('heads.json').accept
export const headSamples: readonly Uint8Array[] = heads.map(({ text }) => utf8(text))
export const compactHeadSamples: readonly Uint8Array[] = heads.map(({ compact }) => base64(compact))

const services = json<{ accept: { record: string; text: string }[] }>('services.json').accept
export const serviceSamples = (record: string): readonly Uint8Array[] =>
  services.filter((one) => one.record === record).map(({ text }) => utf8(text))

export const jsonSamples: readonly Uint8Array[] = json<{ texts: { text: string; verdict: string }[] }>(
  'json.json',
)
  .texts.filter(({ verdict }) => verdict === 'ok')
  .map(({ text }) => utf8(text))

export interface PayloadSample {
  readonly type: string
  readonly bytes: Uint8Array
  readonly place: { readonly detached: boolean; readonly encrypted: boolean }
}

export const payloadSamples: readonly PayloadSample[] = json<{
  payloads: { text: string; verdict: string; detached?: boolean; encrypted?: boolean }[]
}>('payloads.json')
  .payloads.filter(({ verdict }) => verdict === 'ok')
  .map(({ text, detached = false, encrypted = false }) => ({
    type: (JSON.parse(text) as { type: string }).type,
    bytes: utf8(text),
    place: { detached, encrypted },
  }))

export const frameSamples: readonly { readonly name: string; readonly bytes: Uint8Array }[] = json<
  { name: string; frame: string; verdict: string }[]
>('frame.json')
  .filter(({ verdict }) => verdict === 'ok')
  .map(({ name, frame }) => ({ name, bytes: hex(frame) }))
  // Those at the limits are large, and tested by themselves.
  .filter(({ bytes }) => bytes.length < 8_192)

export const batchSamples =
  json<{ identity: string; first: number; count: number; top: string; batch: string; old?: unknown }[]>(
    'batch.json',
  )

export const imageSamples: readonly Uint8Array[] = json<{ image: string }[]>('images.json')
  .map(({ image }) => base64(image))
  .filter(({ length }) => length < 16_384)

const phrases = json<{ accounts: { phrase: string }[]; typed: { accept: { typed: string }[] } }>(
  'phrase.json',
)
export const phraseSamples: readonly Uint8Array[] = [
  ...phrases.accounts.map(({ phrase }) => phrase),
  ...phrases.typed.accept.map(({ typed }) => typed),
].map(utf8)

export const nodeSamples: readonly Uint8Array[] = json<{ refused: { hex?: string }[] }>(
  'unixfs.json',
).refused.flatMap((refused) => (refused.hex === undefined ? [] : [hex(refused.hex)]))

export interface SessionSample {
  readonly networkKey: Uint8Array
  readonly pairingSecret: Uint8Array | null
  readonly dialler: PartySample
  readonly acceptor: PartySample
  readonly diallerRequest: Uint8Array
  readonly acceptorRequest: Uint8Array
  readonly secret: Uint8Array
}

export interface PartySample {
  readonly identity: string
  readonly expect: string | null
  readonly x25519: string
  readonly random: string
  readonly head: string | null
}

export const sessionSamples: readonly SessionSample[] = json<Record<string, never>[]>('session.json').map(
  (sample) => {
    const { networkKey, pairingSecret, dialler, acceptor, diallerRequest, acceptorRequest, secret } =
      sample as unknown as Record<string, string | null> & { dialler: PartySample; acceptor: PartySample }
    return {
      networkKey: hex(networkKey ?? ''),
      pairingSecret: typeof pairingSecret === 'string' ? hex(pairingSecret) : null,
      dialler,
      acceptor,
      diallerRequest: utf8(diallerRequest ?? ''),
      acceptorRequest: utf8(acceptorRequest ?? ''),
      secret: hex(secret ?? ''),
    }
  },
)
