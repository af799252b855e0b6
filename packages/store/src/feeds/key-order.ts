/**
 * The order of identity keys that lie one behind the other, 32 bytes each (spec C2).
 *
 *     keys ─orderOfKeys▶ places, ascending ─takeColumn▶ sorted keys, and what belongs to them
 *
 * Whatever is done for each of 100,000 is done on numbers and words, because a session waits for it.
 *
 * @module
 */

export const keyBytes = 32

/** Of so many keys an index and the first 31 bits fit a number that is exact; of more, an index and 21 bits. */
const manyKeys: number = 2 ** 22

/**
 * Places of the keys, ascending; those of equal keys in any order. With `rowLength` each key begins a row of that
 * many bytes.
 */
export function orderOfKeys(keys: Uint8Array, rowLength: number = keyBytes): Uint32Array {
  const count = Math.floor(keys.length / rowLength)
  const [span, unused] = count > manyKeys ? [2 ** 32, 11] : [manyKeys, 1]
  const places = new Float64Array(count)
  const view = new DataView(keys.buffer, keys.byteOffset, keys.length)
  for (let index = 0; index < count; index++) {
    places[index] = (view.getUint32(index * rowLength) >>> unused) * span + index
  }
  places.sort()
  const order = new Uint32Array(count)
  let first = 0
  let bits = -1
  for (let at = 0; at < count; at++) {
    const place = places[at] as number
    const index = place % span
    order[at] = index
    const own = place - index
    if (own === bits) continue
    if (at - first > 1) settleTies(keys, rowLength, order.subarray(first, at))
    first = at
    bits = own
  }
  if (count - first > 1) settleTies(keys, rowLength, order.subarray(first))
  return order
}

/** Keys whose first bits are the same: few, unless somebody made them so. */
function settleTies(keys: Uint8Array, rowLength: number, order: Uint32Array): void {
  order.sort((a, b) => compareAt(keys, a * rowLength, keys, b * rowLength))
}

/** Below 0, 0 or above, as the key at a place of one list is to that at a place of another. */
export function compareKeys(a: Uint8Array, aPlace: number, b: Uint8Array, bPlace: number): number {
  return compareAt(a, aPlace * keyBytes, b, bPlace * keyBytes)
}

function compareAt(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  for (let offset = 0; offset < keyBytes; offset++) {
    const order = (a[aAt + offset] as number) - (b[bAt + offset] as number)
    if (order !== 0) return order
  }
  return 0
}

/** The first place from `from` on whose key is not below `key`. */
export function placeOfKey(sorted: Uint8Array, key: Uint8Array, from: number): number {
  let low = from
  let high = Math.floor(sorted.length / keyBytes)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareKeys(sorted, middle, key, 0) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Where in a row something lies; all of it in multiples of 4 bytes. */
export interface Column {
  readonly row: number
  readonly from: number
  readonly length: number
}

/** That column of the rows at these places, one behind the other. */
export function takeColumn(rows: Uint8Array, column: Column, places: Uint32Array): Uint8Array {
  // Words are copied four times as fast as bytes; whoever gives rows need not know where they lie.
  const aligned = rows.byteOffset % 4 === 0 ? rows : rows.slice()
  const source = new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(rows.length / 4))
  const [row, from, length] = [column.row / 4, column.from / 4, column.length / 4]
  const taken = new Uint32Array(places.length * length)
  for (let at = 0; at < places.length; at++) {
    const first = (places[at] as number) * row + from
    for (let word = 0; word < length; word++) taken[at * length + word] = source[first + word] as number
  }
  return new Uint8Array(taken.buffer)
}
