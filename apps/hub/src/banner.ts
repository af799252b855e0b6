/**
 * The lines that a person reads when the hub has started.
 *
 * @module
 */
import { httpOrigin, hubAddress, isLoopback, isWildcard } from './address.ts'
import type { HubConfig } from './config/options.ts'
import type { Hub } from './hub.ts'

/** `machineAddresses`: those of this machine that others may reach. */
export function banner(
  hub: Pick<Hub, 'origin' | 'address' | 'identity' | 'port'>,
  config: HubConfig,
  version: string,
  machineAddresses: readonly string[],
): string {
  const { publicUrl, host, home } = config
  const others =
    publicUrl === null && isWildcard(host)
      ? machineAddresses.map((address) => hubAddress(httpOrigin(address, hub.port), hub.identity))
      : []
  const reach =
    publicUrl === null && isLoopback(host)
      ? 'this machine only; --host 0.0.0.0 lets others in, --help tells the rest'
      : null
  const rows: readonly (readonly [string, string | null])[] = [
    ['Page', `${publicUrl ?? hub.origin}/`],
    ['Address', hub.address],
    ...others.map((address) => ['', address] as const),
    ['Identity', hub.identity],
    ['Data', home],
    ['Reach', reach],
  ]
  const lines = rows.flatMap(([name, text]) => (text === null ? [] : [`  ${name.padEnd(9)} ${text}`]))
  return `Effigy hub ${version}\n\n${lines.join('\n')}\n\nCtrl-C stops it.\n`
}
