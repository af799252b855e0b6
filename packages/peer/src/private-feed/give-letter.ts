/**
 * Hands the letter of the own feed to whoever may carry it, or reads it (spec X24): a program that runs a command writes
 * it before anybody is connected.
 *
 *     written ─▶ all who are connected          somebody met ─▶ them, once a letter
 *
 * @module
 */
import type { Identity } from '@effigy/core'
import type { KeptLetter } from '@effigy/store'
import type { Peer } from '../peer.ts'
import { feedKeysService } from './feed-keys-service.ts'

export interface GiveLetterPorts {
  /** Of the key that the feed is sealed under now; null: none is, or it is still to be written. */
  readonly letter: () => KeptLetter | null
  /** Who is connected and provides the service `feedkeys`. */
  readonly providers: () => readonly Identity[]
  /** Who reads the feed, or is trusted to carry letters. */
  readonly isMeant: (other: Identity) => boolean
  readonly call: Peer['call']
  readonly signal: AbortSignal
}

export interface GiveLetter {
  /** To everybody who is connected and was not given it. */
  toAll(): void
  /** Resolves when all who were given it have answered, or are gone. */
  idle(): Promise<void>
}

/** As many are remembered; others are given it once more. */
const maxGiven = 1_024

export function createGiveLetter(ports: GiveLetterPorts): GiveLetter {
  const { providers, isMeant, call, signal } = ports
  /** `at` of the letter that somebody was given last. */
  const given = new Map<Identity, number>()
  const waiting = new Set<Promise<void>>()

  async function give(other: Identity, { at, record }: KeptLetter): Promise<void> {
    if (given.size >= maxGiven) given.clear()
    given.set(other, at)
    const answer = await call(other, feedKeysService, 'offer', {}, { bytes: record, signal }).catch(
      () => null,
    )
    // Who has it is done; the others are given it when they are met again.
    const isTaken = answer !== null && (answer.ok || answer.error.code === 'letter-known')
    if (!isTaken && given.get(other) === at) given.delete(other)
  }

  return {
    toAll() {
      const letter = ports.letter()
      if (letter === null) return
      for (const other of providers()) {
        if (given.get(other) === letter.at || !isMeant(other)) continue
        const giving: Promise<void> = give(other, letter).finally(() => waiting.delete(giving))
        waiting.add(giving)
      }
    },
    async idle() {
      while (waiting.size > 0) await Promise.all(waiting)
    },
  }
}
