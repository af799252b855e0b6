/**
 * What one participant knows of everybody's mappings (spec G1): key → value and version, a map a participant.
 *
 *     write ─▶ version + 1      digest ─▶ the highest version known of each      take(delta) ─▶ newer ones replace
 *
 * The model of "Efficient Reconciliation and Flow Control for Anti-Entropy Protocols" (van Renesse, Dumitriu,
 * Gough, Thomas, LADIS 2008): a participant writes its own map only and counts one version over all its keys. In
 * Effigy a participant is a feed, its version the length.
 *
 * @module
 */

/** One mapping that somebody lacks. */
export interface Delta {
  readonly participant: number
  readonly key: number
  readonly value: number
  readonly version: number
  /** When its owner wrote it, by the clock that the precise orders need. */
  readonly at: number
}

export interface Replica {
  readonly participants: number
  readonly keys: number
  /** The owner's own act: the next version of that participant. */
  write(participant: number, key: number, value: number, at: number): Delta
  /** False when it says nothing new. */
  take(delta: Delta): boolean
  /** The highest version known of a participant; 0: nothing. */
  highest(participant: number): number
  /** All versions held, `keys` of each participant in turn, as they change: for who compares many. */
  readonly versions: ArrayLike<number>
  /** The version held of one mapping; 0: nothing. */
  version(participant: number, key: number): number
  value(participant: number, key: number): number
  /** What is held of a participant above a version: the deltas of Scuttlebutt. Ascending by version. */
  above(participant: number, version: number): readonly Delta[]
  /** What is held of a participant newer than another holds it: the deltas of precise reconciliation. Ascending by version. */
  newerThan(other: Replica, participant: number): readonly Delta[]
}

/** Knows nothing yet. Participants and keys are numbers from 0, below these. */
export function createReplica(participants: number, keys: number): Replica {
  const versions = new Uint32Array(participants * keys)
  const values = new Float64Array(participants * keys)
  const times = new Float64Array(participants * keys)
  const highest = new Uint32Array(participants)

  const versionAt = (participant: number, key: number): number => versions[participant * keys + key] as number

  function deltaAt(participant: number, key: number): Delta {
    const place = participant * keys + key
    return {
      participant,
      key,
      value: values[place] as number,
      version: versions[place] as number,
      at: times[place] as number,
    }
  }

  function put({ participant, key, value, version, at }: Delta): void {
    const place = participant * keys + key
    versions[place] = version
    values[place] = value
    times[place] = at
    highest[participant] = Math.max(highest[participant] as number, version)
  }

  const byVersion = (deltas: Delta[]): readonly Delta[] => deltas.sort((a, b) => a.version - b.version)

  return {
    participants,
    keys,
    versions,
    write(participant, key, value, at) {
      const delta = { participant, key, value, at, version: (highest[participant] as number) + 1 }
      put(delta)
      return delta
    },
    take(delta) {
      if (delta.version <= versionAt(delta.participant, delta.key)) return false
      put(delta)
      return true
    },
    highest: (participant) => highest[participant] as number,
    version: versionAt,
    value: (participant, key) => values[participant * keys + key] as number,
    above(participant, version) {
      if ((highest[participant] as number) <= version) return []
      const newer: Delta[] = []
      for (let key = 0; key < keys; key++) {
        if (versionAt(participant, key) > version) newer.push(deltaAt(participant, key))
      }
      return byVersion(newer)
    },
    newerThan(other, participant) {
      const theirs = other.versions
      const first = participant * keys
      const newer: Delta[] = []
      for (let key = 0; key < keys; key++) {
        if ((versions[first + key] as number) > (theirs[first + key] as number))
          newer.push(deltaAt(participant, key))
      }
      return byVersion(newer)
    },
  }
}
