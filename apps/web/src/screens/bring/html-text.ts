/**
 * HTML that another server wrote, as text of ours: what a reader sees, with what our Markdown would take for marks made
 * harmless. Nothing of it is ever parsed as a document.
 *
 *     <p>Hi <a href="https://x.example/">x</a></p> ─▶ Hi x (https://x.example/)
 *
 * @module
 */

/** Longer ones are cut: no server lets anybody write so much. */
export const maxHtmlLength = 500_000

/** What stands in these is not for readers. */
const silent = new Set(['script', 'style', 'template', 'head', 'title', 'noscript', 'iframe', 'svg', 'math'])
const blocks = new Set(['p', 'div', 'blockquote', 'ul', 'ol', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

interface OpenLink {
  readonly href: string | null
  /** Where its text begins. */
  readonly from: number
  readonly isName: boolean
}

export function textOfHtml(html: string): string {
  let text = ''
  let hidden: string | null = null
  let link: OpenLink | null = null
  for (const { tag, isEnd, attributes, said } of tokensOf(html.slice(0, maxHtmlLength))) {
    if (hidden !== null) {
      if (tag === hidden && isEnd) hidden = null
      continue
    }
    if (tag === '') text += decoded(said.replace(/\s+/g, ' '))
    else if (silent.has(tag)) {
      if (!isEnd) hidden = tag
    } else if (tag === 'br') text += '\n'
    else if (blocks.has(tag)) text += '\n\n'
    else if (tag === 'li') text += isEnd ? '' : '\n• '
    else if (tag === 'a' && !isEnd) {
      const kinds = attribute(attributes, 'class') ?? ''
      const isName = /\b(mention|hashtag)\b/.test(kinds)
      link = { href: attribute(attributes, 'href'), from: text.length, isName }
    } else if (tag === 'a' && link !== null) {
      text += addressBehind(link, text.slice(link.from))
      link = null
    }
  }
  return tidied(text)
    .split(/(https?:\/\/\S+)/)
    .map((part, at) => (at % 2 === 1 ? part : escaped(part)))
    .join('')
}

export interface Token {
  /** In lower case; empty: text. */
  readonly tag: string
  readonly isEnd: boolean
  readonly attributes: string
  /** Text, not decoded yet; empty: of a tag, or of what is for no reader. */
  readonly said: string
  /** Characters that were looked at for it. */
  readonly looked: number
}

/** Each tag ends before the next `<`: what is never closed is text, and costs no look at the rest. */
export function* tokensOf(html: string): Generator<Token> {
  for (let at = 0; at < html.length; ) {
    const next = html.indexOf('<', at + 1)
    const piece = html.slice(at, next < 0 ? html.length : next)
    const end = piece.startsWith('<') ? closing(piece) : null
    const looked = piece.length + (end ?? 0)
    const [, slash = '', name = ''] = end === null ? [] : (/^<(\/?)([a-zA-Z][a-zA-Z0-9]*)/.exec(piece) ?? [])
    if (end === null || end === piece.length) yield { ...plain, said: piece, looked }
    else if (name !== '') {
      const attributes = piece.slice(1 + slash.length + name.length, end)
      yield { tag: name.toLowerCase(), isEnd: slash === '/', attributes, said: '', looked }
    }
    if (end !== null && end + 1 < piece.length) {
      const said = piece.slice(end + 1)
      yield { ...plain, said, looked: said.length }
    }
    at += piece.length
  }
}

const plain = { tag: '', isEnd: false, attributes: '' } as const

/** Where it is closed, quotes left out; its length: nowhere, or it is no tag and nothing that is for no reader. */
function closing(piece: string): number {
  const isRemark = /^<[!?]/.test(piece)
  if (!isRemark && !/^<\/?[a-zA-Z]/.test(piece)) return piece.length
  let quote = ''
  for (let at = 1; at < piece.length; at++) {
    const sign = piece.charAt(at)
    if (quote !== '') quote = sign === quote ? '' : quote
    else if (sign === '>') return at
    else if (!isRemark && (sign === '"' || sign === "'")) quote = sign
  }
  return piece.length
}

/** Of a link whose text is another one than where it leads. */
function addressBehind({ href, isName }: OpenLink, shown: string): string {
  if (href === null || isName || !/^https?:\/\/[!-~]+$/.test(href)) return ''
  const bare = (url: string): string =>
    url
      .trim()
      .replace(/^https?:\/\//, '')
      .replace(/\/$/, '')
  return bare(shown) === bare(href) || /^[#@]/.test(shown.trim()) ? '' : ` (${href})`
}

function tidied(text: string): string {
  return text
    .replace(/[^\P{Cc}\n]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** What our Markdown would take for a mark. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<>~]/g, '\\$&')
    .replace(/^( *)([-+=#])/gm, '$1\\$2')
    .replace(/^( *\d{1,9})([.)])/gm, '$1\\$2')
    .replace(/\\#(?=[\p{L}\p{N}])/gu, '#')
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  mdash: '—',
  ndash: '–',
}

function decoded(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{1,8}));/g,
    (whole, ten, sixteen, name) => {
      if (name !== undefined) return named[name] ?? whole
      const point = ten === undefined ? Number.parseInt(sixteen, 16) : Number(ten)
      const isCharacter = point >= 0x20 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
      return isCharacter ? String.fromCodePoint(point) : ' '
    },
  )
}

function attribute(attributes: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(
    attributes,
  )
  const value = found?.[1] ?? found?.[2] ?? found?.[3]
  return value === undefined ? null : decoded(value)
}
