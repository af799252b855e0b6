/**
 * JavaScript that a browser loads for a peer, gzipped, without the SQLite wasm: at the start by package, and later on demand.
 *
 * @module
 */
import { measureBrowserParts, measureBrowserSize } from './browser-size.ts'
import { type Figure, figure } from './figure.ts'

/** Of the five packages with their libraries, KB. */
const limit = 150

/** Packages and folders that are listed by themselves. */
const listed = 24

export async function* bench(): AsyncGenerator<Figure> {
  const { start, shares } = await measureBrowserParts()
  const five = start.five / 1000
  yield figure('size, core to links with libraries', five, 'KB', {
    ratio: five / limit,
    of: `${limit} KB at most`,
  })
  yield figure('size, peer', start.peer / 1000, 'KB')
  yield figure('size, JavaScript of SQLite', start.sqlite / 1000, 'KB')
  const largest = [...shares].sort(([, a], [, b]) => b - a).slice(0, listed)
  for (const [owner, bytes] of largest) yield figure(`size, of it ${owner}`, bytes / 1000, 'KB')
  const { later } = await measureBrowserSize()
  for (const [name, bytes] of later) yield figure(`size, later: ${name}`, bytes / 1000, 'KB')
}
