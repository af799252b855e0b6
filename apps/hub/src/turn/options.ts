/**
 * Settings of the relay (TURN), a part of the table of all settings.
 *
 * @module
 */
import * as kind from '../config/kinds.ts'
import type { Option } from '../config/options.ts'
import { iceUrls, type PortRange, portRange, type RelayAddress, realm, relayAddress } from './kinds.ts'

export interface TurnSettings {
  /** Given to members; empty: no relay. */
  readonly turnUrls: readonly string[]
  /** Shared with coturn, one line. */
  readonly turnSecretFile: string | null
  readonly turnRealm: string
  readonly turnAddress: RelayAddress | null
  readonly turnPorts: PortRange
  readonly turnQuota: number
  readonly turnQuotaPerUser: number
  readonly turnCertFile: string | null
  readonly turnKeyFile: string | null
}

export const turnOptions: { readonly [Key in keyof TurnSettings]: Option<TurnSettings[Key]> } = {
  turnUrls: {
    kind: iceUrls,
    fallback: [],
    help: 'relay (coturn) for calls between members, like turn:relay.example:3478?transport=udp',
  },
  turnSecretFile: {
    kind: kind.path,
    fallback: null,
    help: 'a file whose only line is the secret that it shares with coturn; `turn config` makes it',
  },
  turnRealm: { kind: realm, fallback: 'effigy', help: "the relay's realm" },
  turnAddress: {
    kind: relayAddress,
    fallback: null,
    help: "the relay's public address, which two who both use it need; PUBLIC/PRIVATE behind a NAT",
  },
  turnPorts: {
    kind: portRange,
    fallback: { first: 49_152, last: 65_535 },
    help: 'ports that the relay sends from and listens at',
  },
  turnQuota: {
    kind: kind.integer(1, 100_000),
    fallback: 1_200,
    help: 'ways through the relay at once, of everybody',
  },
  turnQuotaPerUser: {
    kind: kind.integer(1, 1_000),
    fallback: 12,
    help: 'ways through the relay at once, for one name that the hub gave out',
  },
  turnCertFile: { kind: kind.path, fallback: null, help: "the relay's certificate, for turns: addresses" },
  turnKeyFile: { kind: kind.path, fallback: null, help: 'and its key' },
}
