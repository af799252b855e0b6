/**
 * The lines that a person reads when the hub has started: where it is, how a phone gets there, what is missing.
 *
 * @module
 */
import { httpOrigin, hubAddress, isLoopback, isWildcard } from './address.ts'
import type { HubConfig } from './config/options.ts'
import { hubPath } from './http/routes.ts'
import type { Hub } from './hub.ts'
import { drawQr, type Terminal } from './operating/qr.ts'

export interface BannerSources {
  readonly version: string
  /** Whether it serves the web app. */
  readonly hasApp: boolean
  /** Of this machine, those that others may reach. */
  readonly machineAddresses: readonly string[]
  readonly terminal: Terminal
  /** Good for one use; null when none was made. It is a secret: shown to a terminal alone. */
  readonly adminLink: string | null
  /** Lets a few people in; null when none was made. For whoever it is sent to: shown to a terminal alone. */
  readonly inviteLink: string | null
}

const plainWarning = `Phones and browsers on other machines get a page over plain http, and there they have no keys, no storage and
no worker: Effigy as a web page does not run. A proxy, a tunnel or --tls mends it: docs/hub/running.md tells how.`

export function banner(
  hub: Pick<Hub, 'origin' | 'address' | 'identity' | 'port'>,
  config: HubConfig,
  { version, hasApp, machineAddresses, terminal, adminLink, inviteLink }: BannerSources,
): string {
  const { publicUrl, host, home } = config
  const isLocal = publicUrl === null && isLoopback(host)
  const others = addressesForOthers(hub, config, machineAddresses)
  const reach = isLocal ? 'this machine only; --host 0.0.0.0 lets others in, --help tells the rest' : null
  const rows: readonly (readonly [string, string | null])[] = [
    ['App', hasApp ? `${publicUrl ?? hub.origin}/` : null],
    ['Page', `${publicUrl ?? hub.origin}${hasApp ? hubPath : '/'}`],
    ['Address', hub.address],
    ...others.map((address) => ['', address] as const),
    ['Identity', hub.identity],
    ['Data', home],
    ['Reach', reach],
    ['Admin', terminal.columns === null ? null : adminLink],
    ['Invite', terminal.columns === null ? null : inviteLink],
  ]
  const lines = rows.flatMap(([name, text]) => (text === null ? [] : [`  ${name.padEnd(9)} ${text}`]))
  const code = isLocal ? null : drawQr(terminal, others[0] ?? hub.address)
  const isPlain = !isLocal && (publicUrl ?? hub.origin).startsWith('http:')
  const parts = [
    `Effigy hub ${version}`,
    lines.join('\n'),
    ...(code === null ? [] : [code]),
    ...(isPlain ? [plainWarning] : []),
    'Ctrl-C stops it.',
  ]
  return `${parts.join('\n\n')}\n`
}

/** Where others reach a hub that listens at every address of the machine; none where `hub.address` says it. */
export function addressesForOthers(
  hub: Pick<Hub, 'identity' | 'port'>,
  { publicUrl, host, tls }: HubConfig,
  machineAddresses: readonly string[],
): readonly string[] {
  if (publicUrl !== null || !isWildcard(host)) return []
  return machineAddresses.map((address) =>
    hubAddress(httpOrigin(address, hub.port, tls !== 'off'), hub.identity),
  )
}
