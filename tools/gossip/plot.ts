/**
 * Line plots as SVG, without a library: the same numbers give the same bytes.
 *
 * @module
 */

export interface Line {
  readonly name: string
  /** Ascending in x. */
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface Plot {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly lines: readonly Line[]
  /** Dashed, across; with a word. */
  readonly marks?: readonly { readonly y: number; readonly name: string }[]
}

const width = 760
const height = 360
const margin = { left: 70, right: 150, top: 34, bottom: 44 }

/** Told apart by dashes too, for those who do not see the colours. */
const styles = [
  { color: '#1f6fb4', dash: '' },
  { color: '#c8553d', dash: '6 3' },
  { color: '#6a8d3f', dash: '2 3' },
  { color: '#7b4fa3', dash: '9 3 2 3' },
  { color: '#222222', dash: '' },
] as const

export function plotSvg({ title, x, y, lines, marks = [] }: Plot): string {
  const points = lines.flatMap((line) => line.points)
  const lastX = Math.max(...points.map(([at]) => at))
  const step = niceStep(Math.max(...points.map(([, value]) => value), ...marks.map((mark) => mark.y)))
  const top = step * 5
  const plotWidth = width - margin.left - margin.right
  const plotHeight = height - margin.top - margin.bottom
  const placeX = (at: number): string => (margin.left + (at / lastX) * plotWidth).toFixed(1)
  const placeY = (value: number): string =>
    (margin.top + (1 - Math.min(value, top) / top) * plotHeight).toFixed(1)
  const right = margin.left + plotWidth
  const parts: string[] = []

  for (let tick = 0; tick <= 5; tick++) {
    const at = placeY(tick * step)
    parts.push(`<line x1="${margin.left}" x2="${right}" y1="${at}" y2="${at}" stroke="#ddd"/>`)
    parts.push(text(margin.left - 8, Number(at) + 4, grouped(tick * step), 'end'))
  }
  for (let at = 0; at <= lastX; at += 15)
    parts.push(text(Number(placeX(at)), height - 24, String(at), 'middle'))
  parts.push(text(margin.left, 20, title, 'start', 'font-weight="bold"'))
  parts.push(text(margin.left + plotWidth / 2, height - 6, x, 'middle'))
  const middle = margin.top + plotHeight / 2
  parts.push(text(14, middle, y, 'middle', `transform="rotate(-90 14 ${middle})"`))
  for (const mark of marks) {
    const at = placeY(mark.y)
    parts.push(
      `<line x1="${margin.left}" x2="${right}" y1="${at}" y2="${at}" stroke="#999" stroke-dasharray="3 3"/>`,
    )
    parts.push(text(right + 8, Number(at) + 4, mark.name, 'start'))
  }
  for (const [index, line] of lines.entries()) {
    const { color, dash } = styles[index % styles.length] as (typeof styles)[number]
    const path = line.points.map(([at, value]) => `${placeX(at)},${placeY(value)}`).join(' ')
    const stroke = `fill="none" stroke="${color}" stroke-width="1.6"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`
    parts.push(`<polyline points="${path}" ${stroke}/>`)
    const at = margin.top + 8 + index * 20
    parts.push(`<polyline points="${right + 8},${at} ${right + 36},${at}" ${stroke}/>`)
    parts.push(text(right + 42, at + 4, line.name, 'start'))
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function text(x: number, y: number, words: string, anchor: string, more = ''): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${more === '' ? '' : ` ${more}`}>${escaped}</text>`
}

/** A fifth of the axis: 1, 2 or 5 times a power of ten, so that all fits. */
function niceStep(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 5))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step * 5 >= most) ?? 10 * power
}

function grouped(value: number): string {
  return String(Number(value.toPrecision(6))).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}
