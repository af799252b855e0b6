/**
 * 64 pictures that people compare (spec L12, Y42): of two devices, and of the number of two persons.
 *
 * @module
 */
import { groupDigits } from './safety-number.ts'

export interface Emoji {
  readonly emoji: string
  /** English, for who cannot see it well and for reading aloud. */
  readonly name: string
}

/** One for each group of a number that `safetyNumber` wrote. */
export function safetyPictures(number: string): readonly Emoji[] {
  const groups = Array.from({ length: number.length / groupDigits }, (_, at) =>
    Number(number.slice(at * groupDigits, (at + 1) * groupDigits)),
  )
  return groups.map((value) => emojis[value % emojis.length] as Emoji)
}

/** In this order for good: 6 bits a picture. */
export const emojis: readonly Emoji[] = (
  [
    ['🐶', 'dog'],
    ['🐱', 'cat'],
    ['🦁', 'lion'],
    ['🐎', 'horse'],
    ['🦄', 'unicorn'],
    ['🐷', 'pig'],
    ['🐘', 'elephant'],
    ['🐰', 'rabbit'],
    ['🐼', 'panda'],
    ['🐓', 'rooster'],
    ['🐧', 'penguin'],
    ['🐢', 'turtle'],
    ['🐟', 'fish'],
    ['🐙', 'octopus'],
    ['🦋', 'butterfly'],
    ['🌷', 'flower'],
    ['🌳', 'tree'],
    ['🌵', 'cactus'],
    ['🍄', 'mushroom'],
    ['🌏', 'globe'],
    ['🌙', 'moon'],
    ['☁️', 'cloud'],
    ['🔥', 'fire'],
    ['🍌', 'banana'],
    ['🍎', 'apple'],
    ['🍓', 'strawberry'],
    ['🌽', 'corn'],
    ['🍕', 'pizza'],
    ['🎂', 'cake'],
    ['❤️', 'heart'],
    ['😀', 'smiley'],
    ['🤖', 'robot'],
    ['🎩', 'hat'],
    ['👓', 'glasses'],
    ['🔧', 'spanner'],
    ['🎅', 'santa'],
    ['👍', 'thumbs up'],
    ['☂️', 'umbrella'],
    ['⌛', 'hourglass'],
    ['⏰', 'clock'],
    ['🎁', 'gift'],
    ['💡', 'light bulb'],
    ['📕', 'book'],
    ['✏️', 'pencil'],
    ['📎', 'paperclip'],
    ['✂️', 'scissors'],
    ['🔒', 'lock'],
    ['🔑', 'key'],
    ['🔨', 'hammer'],
    ['☎️', 'telephone'],
    ['🏁', 'flag'],
    ['🚂', 'train'],
    ['🚲', 'bicycle'],
    ['✈️', 'aeroplane'],
    ['🚀', 'rocket'],
    ['🏆', 'trophy'],
    ['⚽', 'ball'],
    ['🎸', 'guitar'],
    ['🎺', 'trumpet'],
    ['🔔', 'bell'],
    ['⚓', 'anchor'],
    ['🎧', 'headphones'],
    ['📁', 'folder'],
    ['📌', 'pin'],
  ] as const
).map(([emoji, name]) => ({ emoji, name }))
