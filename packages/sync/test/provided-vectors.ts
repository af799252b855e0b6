/** The cases of `spec/vectors/provides.json` (V8), made here, read by tests and by other implementations. */
import { type Provided, writeProvided } from '../src/provided.ts'
import { hex } from './frame-vectors.ts'

export interface ProvidedCase {
  readonly name: string
  /** The byte part in hexadecimal. */
  readonly bytes: string
  /** What it says; null: `bad-message`. */
  readonly provided: Provided | null
  /** Another implementation writes exactly these bytes for it; else they are only read so. */
  readonly isWritten: boolean
}

const peer: Provided = { services: [], kind: 'peer', metered: false }
const versionOne = [
  'blobs',
  'headtracking',
  'signalling',
  'relaying',
  'dropbox',
  'datalease',
  'voice',
  'video',
]

export function providedCases(): ProvidedCase[] {
  const written = (name: string, provided: Provided): ProvidedCase => ({
    name,
    bytes: hex(writeProvided(provided)),
    provided,
    isWritten: true,
  })
  const read = (name: string, bytes: string, provided: Provided | null): ProvidedCase => ({
    name,
    bytes,
    provided,
    isWritten: false,
  })
  const named = (text: string): string => hex(Uint8Array.of(text.length, ...new TextEncoder().encode(text)))
  const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `x-${at}`)
  return [
    written('a peer with nothing to give', peer),
    written('a peer', { ...peer, services: ['blobs'] }),
    written('a peer on a metered line', { ...peer, services: ['blobs'], metered: true }),
    written('a peer at which nobody looks', { ...peer, services: ['blobs'], resting: true }),
    written('a hub', { ...peer, services: ['blobs', 'headtracking'], kind: 'hub' }),
    written('a hub with all of this version', { ...peer, services: versionOne, kind: 'hub' }),
    written('names of others', { ...peer, services: ['blobs', 'chess', 'x-1'] }),
    written('a name of 32', { ...peer, services: ['a'.repeat(32)] }),
    written('32 services', { ...peer, services: ['blobs', ...many(31)] }),
    read('33 services', `0001${many(32).map(named).join('')}`, null),
    read('a known service told twice', `0001${named('blobs')}`, { ...peer, services: ['blobs'] }),
    read('another told twice', `0000${named('chess')}${named('chess')}`, { ...peer, services: ['chess'] }),
    read('flags of a later version', '0f01', {
      ...{ services: ['blobs'], kind: 'hub' as const, metered: true, resting: true as const },
    }),
    read('names of a later version', '00818010', { ...peer, services: ['blobs'] }),
    read('nothing', '', null),
    read('flags alone', '00', null),
    read('flags that are not in their shortest form', '800001', null),
    read('a name without a letter', '000000', null),
    read('a name that is cut off', '00000563686573', null),
    read('a name of 33', `0000${named('a'.repeat(33))}`, null),
    read('a name in capitals', `0000${named('Chess')}`, null),
    read('a name that is no UTF-8', '000001ff', null),
  ]
}
