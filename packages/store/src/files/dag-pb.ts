/**
 * The two fields of a dag-pb block (spec B3), as `@ipld/dag-pb` reads them. Its CIDs and forms are more than a browser
 * should load before the first post (decision 0022); a property holds the two equal.
 *
 *     bytes ─decodeDagPb▶ { data, links: [{ hash, name, size }] }
 *
 * @module
 */

export interface DagPb {
  readonly data: Uint8Array | null
  readonly links: readonly DagPbLink[]
}

export interface DagPbLink {
  /** What should be the bytes of a CID. */
  readonly hash: Uint8Array
  /** Empty: it has none. */
  readonly name: string
  /** Null: it says nothing. */
  readonly size: number | null
}

const varintWire = 0
const bytesWire = 2

/** As the library: what is no UTF-8 is replaced. */
const decoder = new TextDecoder()

/** Views into `bytes`. Null: no dag-pb, or a link without a hash. */
export function decodeDagPb(bytes: Uint8Array): DagPb | null {
  let data: Uint8Array | null = null
  const links: DagPbLink[] = []
  let isDataBehind = false
  const isWhole = readFields(bytes, ({ number, value }) => {
    if (typeof value === 'number') return false
    if (number === 1) {
      if (data !== null) return false
      data = value
      isDataBehind = links.length > 0
      return true
    }
    // Links stand together, before the data or behind it.
    if (number !== 2 || isDataBehind) return false
    const link = decodeLink(value)
    if (link !== null) links.push(link)
    return link !== null
  })
  return isWhole ? { data, links } : null
}

function decodeLink(bytes: Uint8Array): DagPbLink | null {
  let hash: Uint8Array | null = null
  let name = ''
  let size: number | null = null
  let last = 0
  const isWhole = readFields(bytes, ({ number, value }) => {
    // Each once, in this order.
    if (number <= last) return false
    last = number
    if (number === 3) {
      if (typeof value !== 'number') return false
      size = value
      return true
    }
    if (typeof value === 'number') return false
    if (number === 1) hash = value
    else if (number === 2) name = decoder.decode(value)
    return number === 1 || number === 2
  })
  return isWhole && hash !== null ? { hash, name, size } : null
}

interface Field {
  readonly number: number
  readonly value: Uint8Array | number
}

/** False: `take` refused one, or they do not end where the bytes do. */
function readFields(bytes: Uint8Array, take: (field: Field) => boolean): boolean {
  let at = 0

  /** Null: longer than 64 bits, or cut off. Beyond 2^53 - 1 it is no exact number. */
  function varint(): number | null {
    let value = 0
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) return null
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    return null
  }

  while (at < bytes.length) {
    const key = varint()
    const value = key === null ? null : varint()
    if (key === null || value === null) return false
    // As 32 bits, as the library.
    const number = key >> 3
    const wire = key & 7
    if (wire === varintWire) {
      if (!take({ number, value })) return false
      continue
    }
    const end = at + value
    if (wire !== bytesWire || end > bytes.length || !take({ number, value: bytes.subarray(at, end) }))
      return false
    at = end
  }
  return true
}
