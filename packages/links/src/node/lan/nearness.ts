/**
 * Which addresses are of a network that this machine is in.
 *
 * @module
 */
import { BlockList, isIPv4 } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import type { Clock } from '@effigy/sync'

/** An IPv4 address of this machine, and its network: `192.168.1.7`, `192.168.1.7/24`. */
export interface OwnAddress {
  readonly address: string
  readonly cidr: string
}

/** Those of networks; none that lead to this machine alone. */
export function ownAddresses(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): readonly OwnAddress[] {
  return Object.values(interfaces).flatMap((infos) =>
    (infos ?? []).flatMap(({ family, internal, address, cidr }) =>
      family === 'IPv4' && !internal && cidr !== null ? [{ address, cidr }] : [],
    ),
  )
}

/** Ms for which the system is not asked again. */
const freshMs = 5_000

export function createNearness(
  addresses: () => readonly OwnAddress[],
  clock: Pick<Clock, 'monotonic'>,
): (address: string) => boolean {
  let known: { readonly networks: BlockList; readonly atMs: number } | null = null
  return (address) => {
    const nowMs = clock.monotonic()
    if (known === null || nowMs - known.atMs >= freshMs) {
      known = { networks: networksOf(addresses()), atMs: nowMs }
    }
    return isIPv4(address) && known.networks.check(address, 'ipv4')
  }
}

function networksOf(addresses: readonly OwnAddress[]): BlockList {
  const networks = new BlockList()
  for (const { address, cidr } of addresses) networks.addSubnet(address, Number(cidr.split('/')[1]), 'ipv4')
  return networks
}
