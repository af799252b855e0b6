/**
 * Answers for people: a table, or names with their values. What others wrote cannot steer the terminal.
 *
 *     [{name: 'Ada', ownBytes: 2048}] ─▶ NAME  OWN BYTES
 *                                        Ada   2.0 KB
 *
 * @module
 */

type Row = Readonly<Record<string, unknown>>

export function showRows(rows: readonly Row[], columns: readonly string[]): string {
  const cells = [
    columns.map(title),
    ...rows.map((row) => columns.map((column) => showCell(column, row[column]))),
  ]
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)))
  return cells
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** One thing: a line for each of its values, lists below. */
export function showOne(row: Row): string {
  const plain = Object.entries(row).filter(([, value]) => !Array.isArray(value))
  const width = Math.max(0, ...plain.map(([name]) => title(name).length))
  const lines = plain.map(([name, value]) => `${title(name).padEnd(width)}  ${showCell(name, value)}\n`)
  const lists = Object.entries(row).flatMap(([name, value]) => {
    const items = Array.isArray(value) ? (value as readonly Row[]) : []
    return items.length === 0 ? [] : [`\n${title(name)}\n${showRows(items, Object.keys(items[0] ?? {}))}`]
  })
  return [...lines, ...lists].join('')
}

/** `ownBytes` ─▶ `OWN BYTES`. */
function title(name: string): string {
  return name.replace(/[A-Z]/g, ' $&').toUpperCase()
}

const times: ReadonlySet<string> = new Set(['at', 'until', 'since'])

function showCell(name: string, value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number' && times.has(name)) return showTime(value)
  if (typeof value === 'number' && /bytes$/i.test(name)) return showBytes(value)
  if (typeof value === 'number' && /Ms$/.test(name)) return `${Math.round(value / 1000)} s`
  return calm(typeof value === 'string' ? value : JSON.stringify(value))
}

function showTime(ms: number): string {
  const time = new Date(ms)
  return Number.isNaN(time.getTime()) ? '-' : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function showBytes(bytes: number): string {
  if (Math.abs(bytes) < 1_000) return `${bytes} B`
  const step = Math.min(4, Math.floor(Math.log10(Math.abs(bytes)) / 3))
  return `${(bytes / 1000 ** step).toFixed(1)} ${['B', 'KB', 'MB', 'GB', 'TB'][step]}`
}

/** In one line, and without what turns writing round or moves a cursor. */
function calm(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/\p{Cf}/gu, '')
}
