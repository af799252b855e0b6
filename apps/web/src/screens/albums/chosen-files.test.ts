import { expect, test } from 'vitest'
import { type ChosenFile, named, together } from './chosen-files.ts'
import { pictureType, spokenName } from './collection-of.ts'
import { isPlainName } from './save-files.ts'

const chosen = (...paths: string[]): readonly ChosenFile[] =>
  paths.map((path) => ({ path, file: new File([path], path) }))
const pathsOf = (files: readonly ChosenFile[]): readonly string[] => files.map(({ path }) => path)

test('one folder gives its name to the album, and its paths are without it', () => {
  const { files, name } = named(chosen('sea/a.jpg', 'sea/far/b.jpg', 'sea/.DS_Store'))
  expect(name).toBe('sea')
  expect(pathsOf(files)).toEqual(['a.jpg', 'far/b.jpg'])
})

test('several things keep their paths', () => {
  const { files, name } = named(chosen('sea/a.jpg', 'b.jpg'))
  expect(name).toBe('')
  expect(pathsOf(files)).toEqual(['sea/a.jpg', 'b.jpg'])
  expect(named([])).toEqual({ files: [], name: '' })
})

test('what is chosen twice is there once', () => {
  const both = together(named(chosen('a.jpg', 'b.jpg')), named(chosen('b.jpg', 'c.jpg')))
  expect(pathsOf(both.files)).toEqual(['a.jpg', 'b.jpg', 'c.jpg'])
})

test('what may run as a page is no picture', () => {
  expect(pictureType('a.JPG')).toBe('image/jpeg')
  for (const name of ['a.svg', 'a.html', 'a', '.jpg.exe', 'jpg']) expect(pictureType(name)).toBe(null)
  expect(spokenName('6 Saturday, market.jpg')).toBe('6 Saturday, market')
})

test('what is packed leads nowhere else when it is unpacked', () => {
  for (const name of ['', '.', '..', 'a/b', '..\\a', 'a\0b']) expect(isPlainName(name)).toBe(false)
  for (const name of ['a.txt', '...', 'صورة.jpg', ' .a']) expect(isPlainName(name)).toBe(true)
})
