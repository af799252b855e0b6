/**
 * Whether a person has the words of the account, before they are wiped here (spec Z6).
 *
 *     question ─▶ three places by chance ─a person answers─▶ three words ─▶ wiped, or 'phrase-word-wrong'
 *
 * @module
 */
import { EffigyError, type RandomBytes } from '@effigy/core'
import type { PhraseQuestion } from './account.ts'
import type { Keyring } from './keyring.ts'

export interface PhraseCheck {
  question(): PhraseQuestion | null
  answer(words: readonly string[]): Promise<void>
}

export function createPhraseCheck(
  keyring: Pick<Keyring, 'phrase' | 'wipePhrase'>,
  random: RandomBytes,
): PhraseCheck {
  /** The words that it asks about, and what it asks. */
  let asked: { readonly phrase: string; readonly question: PhraseQuestion } | null = null

  return {
    question() {
      const { phrase } = keyring
      asked = null
      if (phrase === null) return null
      const words = phrase.split(' ').length
      const question = { positions: threePlaces(words, random), words }
      asked = { phrase, question }
      return question
    },
    async answer(typed) {
      const { phrase } = keyring
      if (phrase === null) throw new EffigyError('phrase-gone', 'The words are not on this device any more.')
      if (asked?.phrase !== phrase) {
        throw new EffigyError('phrase-not-asked', 'Ask for three of the words first.')
      }
      const words = phrase.split(' ')
      const { positions } = asked.question
      // All are compared, so that nothing tells which one is wrong.
      const wrong = positions.filter((position, index) => words[position - 1] !== calm(typed[index] ?? ''))
      if (typed.length !== positions.length || wrong.length > 0) {
        throw new EffigyError(
          'phrase-word-wrong',
          'At least one of these words is not the one that was asked for.',
        )
      }
      asked = null
      await keyring.wipePhrase()
    },
  }
}

function threePlaces(words: number, random: RandomBytes): PhraseQuestion['positions'] {
  const left = Array.from({ length: words }, (_, index) => index + 1)
  // 2^32 is so much more than 24 that no place is noticeably likelier.
  const draw = (): number => {
    const [number = 0] = new Uint32Array(random(4).slice().buffer)
    return left.splice(number % left.length, 1)[0] ?? 1
  }
  const [first = 1, second = 2, third = 3] = [draw(), draw(), draw()].sort((a, b) => a - b)
  return [first, second, third]
}

function calm(word: string): string {
  return word.trim().normalize('NFKD').toLowerCase()
}
