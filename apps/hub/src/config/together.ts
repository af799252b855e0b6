/**
 * Settings that are right each for itself and not together: said at once, and by `config check`.
 *
 *     tls files, no tlsKey ─▶ "tls files needs tlsKey …"
 *
 * @module
 */
import { isIP } from 'node:net'
import { isLoopback } from '../address.ts'
import { relayUrls } from '../turn/coturn-config.ts'
import { flagOf, type HubConfig, type OptionKey } from './options.ts'

export interface TogetherFault {
  /** The setting to look at. */
  readonly key: OptionKey
  /** One sentence with what to do. */
  readonly message: string
}

export function* checkTogether(config: HubConfig): Iterable<TogetherFault> {
  const { tls, tlsCert, tlsKey, publicUrl, httpPort, port, host, lan, turnUrls, turnSecretFile } = config
  const named = (key: OptionKey): string => `${key} (--${flagOf(key)})`
  if (tls === 'files') {
    for (const [key, path] of [
      ['tlsCert', tlsCert],
      ['tlsKey', tlsKey],
    ] as const) {
      if (path === null) yield { key, message: `tls files needs ${named(key)}, the path of a file in PEM.` }
    }
  } else if (tlsCert !== null || tlsKey !== null) {
    const key = tlsCert === null ? 'tlsKey' : 'tlsCert'
    yield { key, message: `${named(key)} is set, and tls is ${tls}: set tls to files, or leave it out.` }
  }
  if (tls === 'acme' && acmeName(publicUrl) === null) {
    const message = `tls acme needs ${named('publicUrl')} with https and a name in the Domain Name System, like https://hub.example.`
    yield { key: 'publicUrl', message }
  }
  if (tls === 'acme' && isLoopback(host)) {
    const message = `tls acme needs an address where the authority gets through to it: ${named('host')} 0.0.0.0 or ::.`
    yield { key: 'host', message }
  }
  if (tls !== 'off' && publicUrl?.startsWith('http:') === true) {
    yield {
      key: 'publicUrl',
      message: `${named('publicUrl')} begins with http://, and tls is ${tls}: write https://.`,
    }
  }
  if (tls === 'off' && httpPort !== null) {
    yield { key: 'httpPort', message: `${named('httpPort')} leads to https, and tls is off: leave it out.` }
  }
  if (port !== 0 && plainPortOf(config) === port) {
    yield {
      key: 'httpPort',
      message: `${named('httpPort')} and ${named('port')} are the same, ${port}: one is for http, one for https.`,
    }
  }
  if (turnSecretFile === null && relayUrls(turnUrls).length > 0) {
    const message = `turnUrls names a relay: name its secret too, ${named('turnSecretFile')}.`
    yield { key: 'turnSecretFile', message }
  }
  if (lan && (isLoopback(host) || tls !== 'off' || (port !== 0 && port < 1024))) {
    const reason =
      tls !== 'off'
        ? `goes without https, and tls is ${tls}`
        : isLoopback(host)
          ? `needs a host that others reach, and it is ${host}: set it to 0.0.0.0`
          : 'needs a port from 1024 on'
    yield { key: 'lan', message: `${named('lan')} ${reason}.` }
  }
}

/** The usual port of http, at which authorities ask. */
const authorityPort = 80

/** What leads to https listens there; null: nothing does. */
export function plainPortOf({ tls, httpPort }: Pick<HubConfig, 'tls' | 'httpPort'>): number | null {
  if (tls === 'off') return null
  return httpPort ?? (tls === 'acme' ? authorityPort : null)
}

/** The name that a certificate is asked for; null where an authority would give none. */
export function acmeName(publicUrl: string | null): string | null {
  if (publicUrl === null) return null
  const { protocol, hostname } = new URL(publicUrl)
  const isName = isIP(hostname) === 0 && !hostname.startsWith('[') && hostname.includes('.')
  return protocol === 'https:' && isName ? hostname : null
}
