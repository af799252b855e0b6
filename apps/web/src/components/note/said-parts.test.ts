import { expect, test } from 'vitest'
import { markedParts } from './marked-parts.ts'
import { saidParts } from './said-parts.ts'

test('people and tags are found where they stand, and nowhere inside of words', () => {
  expect(saidParts('Hi @Ada Lovelace, see #Cats & mail@Ada or a#b #1', ['Ada', 'Ada Lovelace'])).toEqual([
    { type: 'text', text: 'Hi ' },
    { type: 'mention', name: 'Ada Lovelace' },
    { type: 'text', text: ', see ' },
    { type: 'tag', label: 'Cats' },
    { type: 'text', text: ' & mail@Ada or a#b #1' },
  ])
})

test('what is not meant stays text, and nothing is lost', () => {
  expect(saidParts('@Bob', ['Ada'])).toEqual([{ type: 'text', text: '@Bob' }])
  for (const text of ['', '#', '@', '##a', '@@Ada #', '#é😀 @Ada@Ada', '\u{1f600}#tag', '#'.repeat(99)]) {
    const all = saidParts(text, ['Ada', '']).map((part) =>
      part.type === 'text' ? part.text : part.type === 'tag' ? `#${part.label}` : `@${part.name}`,
    )
    expect(all.join('')).toBe(text)
  }
})

test('words that were searched for are marked as the index finds them', () => {
  const marked = (text: string, query: string) =>
    markedParts(text, query).flatMap(({ text: said, isMarked }) => (isMarked ? [said] : []))
  expect(marked('Über den Wolken', 'uber')).toEqual(['Über'])
  expect(marked('cats and catapults', 'cat*')).toEqual(['cats', 'catapults'])
  expect(marked('cats and catapults', 'cat')).toEqual([])
  expect(marked('a.b', '')).toEqual([])
  for (const text of ['', 'cats', '…cats…', 'é😀cats\u0301']) {
    expect(
      markedParts(text, 'cats *')
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  }
})
