/**
 * Who may read `/metrics`.
 *
 *     `loopback`: the socket is of this machine ∧ nobody says that it is handed on ∧ the name asked for is of this machine
 *
 * A proxy or tunnel on this machine that adds no header looks like a visitor of this machine. Where one seems to be in use
 * without being trusted, nobody is let in but by `all`.
 *
 * @module
 */
import type { IncomingHttpHeaders } from 'node:http'
import { isLoopback } from '../address.ts'
import type { HubConfig } from '../config/options.ts'
import type { Asked } from '../http/asked.ts'

export function mayReadMetrics(
  { isLocal, headers }: Pick<Asked, 'isLocal' | 'headers'>,
  { metrics, publicUrl, trustProxy, tls }: Pick<HubConfig, 'metrics' | 'publicUrl' | 'trustProxy' | 'tls'>,
): boolean {
  if (metrics !== 'loopback') return metrics === 'all'
  const isHandedOnUnseen = publicUrl !== null && !trustProxy && tls === 'off'
  return isLocal && !isHandedOnUnseen && isLoopback(hostName(headers))
}

/** A tunnel that ends here, or a page that rebinds its name, asks for a name of its own. */
function hostName({ host = '' }: IncomingHttpHeaders): string {
  return host
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
}
