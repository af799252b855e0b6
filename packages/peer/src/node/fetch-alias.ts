/**
 * Asks the host of an alias over HTTPS, and nobody else (spec W23): no redirect, no proxy, no private address behind a
 * public name.
 *
 *     url ─▶ name looked up ─any address private?▶ refused     ─▶ one connection to what was looked up ─▶ at most so many bytes
 *
 * @module
 */
import { lookup } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { EffigyError, err, ok } from '@effigy/core'
import type { FetchAlias } from '../joining/joining.ts'

/** RFC 6890 and what came after it: nothing there is a hub of the public internet. */
const special = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(net, prefix, 'ipv4')
}
/** What is routed on the internet, less what stands for something else. */
const globalIpv6 = new BlockList()
globalIpv6.addSubnet('2000::', 3, 'ipv6')
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  special.addSubnet(net, prefix, 'ipv6')
}

/** Of this machine, of a network of one's own, or of no machine at all. */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 4) return special.check(address, 'ipv4')
  return isIP(address) !== 6 || !globalIpv6.check(address, 'ipv6') || special.check(address, 'ipv6')
}

class PrivateAddress extends EffigyError {}

/** What a name leads to is looked at before a connection is made, and the connection is made to that. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error !== null) callback(error, '', 0)
    else if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address))) {
      callback(new PrivateAddress('alias-private', 'the name leads to a private address'), '', 0)
    } else if (options.all === true) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

export const fetchAlias: FetchAlias = (url, { isLocal, maxBytes, signal }) => {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<FetchAlias>>>()
  const { protocol, hostname } = new URL(url)
  // A connection to an address asks no resolver.
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (!isLocal && isIP(literal) !== 0 && isPrivateAddress(literal)) {
    return Promise.resolve(err({ code: 'alias-private' }))
  }
  const request = (protocol === 'https:' ? requestSecure : requestPlain)(url, {
    signal,
    agent: false,
    maxHeaderSize: 8192,
    headers: { Accept: 'application/json', 'User-Agent': 'effigy' },
    ...(isLocal ? {} : { lookup: publicLookup }),
  })
  request.once('error', (error) => {
    if (signal.aborted) reject(signal.reason)
    else resolve(err({ code: error instanceof PrivateAddress ? 'alias-private' : 'alias-unreachable' }))
  })
  request.once('response', (response) => {
    const status = response.statusCode ?? 0
    if (status >= 300 && status < 400) {
      request.destroy()
      resolve(err({ code: 'alias-redirect' }))
      return
    }
    const parts: Buffer[] = []
    let length = 0
    response.on('data', (part: Buffer) => {
      length += part.length
      if (length <= maxBytes) parts.push(part)
      else {
        request.destroy()
        resolve(err({ code: 'alias-bad-answer' }))
      }
    })
    response.once('end', () => resolve(ok({ status, body: new Uint8Array(Buffer.concat(parts)) })))
    response.once('error', () => resolve(err({ code: 'alias-unreachable' })))
    response.once('close', () => resolve(err({ code: 'alias-unreachable' })))
  })
  request.end()
  return promise
}
