import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textOfHtml, tokensOf } from '../../apps/web/src/screens/bring/html-text.ts'

test('what a reader sees of it, as lines', () => {
  expect(textOfHtml('<p>One<br />two</p><p>Three &amp; &#x1F600;&nbsp;four</p>')).toBe(
    'One\ntwo\n\nThree & 😀 four',
  )
  expect(textOfHtml('<ul><li>a</li><li>b</li></ul>')).toBe('• a\n• b')
})

test('a shortened link is whole, a named one tells where it leads, people and tags do not', () => {
  const short =
    '<a href="https://a.example/x_y"><span class="invisible">https://</span><span>a.example/x_y</span></a>'
  expect(textOfHtml(`See ${short}!`)).toBe('See https://a.example/x_y!')
  expect(textOfHtml('<a href="https://a.example/">here</a>')).toBe('here (https://a.example/)')
  expect(textOfHtml('<a href="javascript:alert(1)">here</a>')).toBe('here')
  const mention =
    '<span class="h-card"><a href="https://b.example/@bob" class="u-url mention">@<span>bob</span></a></span>'
  const tag =
    '<a href="https://b.example/tags/bread" class="mention hashtag" rel="tag">#<span>bread</span></a>'
  expect(textOfHtml(`${mention} ${tag}`)).toBe('@bob #bread')
})

test('[T9] nothing of it is a mark of ours, and what is for no reader is gone', () => {
  expect(textOfHtml('<p>*a* [b](c) `d` &lt;script&gt;</p>')).toBe('\\*a\\* \\[b\\](c) \\`d\\` \\<script\\>')
  expect(textOfHtml('# a<br>- b<br>1. c')).toBe('\\# a\n\\- b\n1\\. c')
  expect(textOfHtml('a<script>alert("</p>")</script>b<style>p{}</style>c<!-- d -->e')).toBe('abce')
  expect(textOfHtml('a\u0001b&#0;c')).toBe('a b c')
})

test('[T21] never throws, and what is never closed costs no more than its length', () => {
  fc.assert(fc.property(fc.string(), (text) => void textOfHtml(text)))
  const pieces = ['<a "', '<!--', '<a href=', "<a '<", ' <b> ', '&#', '<p', '\n \n', 'a', '"', "'", '<']
  for (const piece of pieces) {
    for (const html of [piece, `<${piece}`, `<a ${piece}`, `<a href="${piece}`].map(
      (start) => start + piece.repeat(40_000),
    )) {
      let looked = 0
      for (const token of tokensOf(html)) looked += token.looked
      expect(looked / html.length).toBeLessThanOrEqual(2)
      textOfHtml(html)
    }
  }
})

test('every character of it is in one token, and what is no tag is text', () => {
  const said = (html: string) => [...tokensOf(html)].map((token) => token.tag || token.said)
  expect(said('a<b>c</b >d<br/>')).toEqual(['a', 'b', 'c', 'b', 'd', 'br'])
  expect(said('1 < 2 > 1 <3 <a title="x > y">z')).toEqual(['1 ', '< 2 > 1 ', '<3 ', 'a', 'z'])
  expect(said('<!-- "a --><?b?>c<d "')).toEqual(['c', '<d "'])
})
