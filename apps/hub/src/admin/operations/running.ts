/**
 * How the hub is: overview, who is connected now, letting everybody go, and who may administrate.
 *
 * @module
 */
import { err, ok, shortName } from '@effigy/core'
import { deviceKind, required } from '../fields.ts'
import { operation } from '../operation.ts'
import type { AdminPorts } from '../ports.ts'
import { pageFields, pageOf } from '../rows.ts'
import { linkMs } from '../sessions.ts'

export interface ConnectionRow {
  /** Shortened: who it is, is told by `devices list`. */
  readonly device: string
  readonly kind: 'peer' | 'hub'
  /** Ms. */
  readonly since: number
  readonly sentBytes: number
  readonly receivedBytes: number
}

export const runningOperations = [
  operation({
    name: 'overview show',
    summary: 'Shows how the hub is',
    fields: {},
    columns: [
      'version',
      'address',
      'isReady',
      'isDraining',
      'members',
      'sessions',
      'feeds',
      'entryBytes',
      'blobBytes',
      'openReports',
    ],
    async run(
      _input,
      { version, config, address, peer, state, readiness, drain, reports, blocks }: AdminPorts,
    ) {
      const { ready, ...conditions } = readiness()
      return ok({
        version,
        name: config.name,
        identity: peer.identity,
        address: address(),
        isReady: ready,
        conditions,
        isDraining: drain.isDraining,
        ...state(),
        openReports: reports.list.filter(({ resolved }) => resolved === null).length,
        blocks: blocks.list.length,
      })
    },
  }),
  operation({
    name: 'connections list',
    summary:
      'Shows the sessions that are open: since when, and how much they carried. No addresses, and short names',
    fields: pageFields,
    columns: ['device', 'kind', 'since', 'sentBytes', 'receivedBytes'],
    isList: true,
    run: async (input, { peer }: AdminPorts) =>
      ok(
        pageOf(
          peer.traffic(),
          input,
          ({ identity }) => identity.slice(-16),
          ({ identity, ...rest }): ConnectionRow => ({ device: shortName(identity), ...rest }),
        ),
      ),
  }),
  operation({
    name: 'connections end',
    summary: 'Ends the session of a device. It may come back by itself; who shall not is turned away',
    fields: { device: required(deviceKind, 'the device, as the list shows it') },
    columns: ['device', 'ended'],
    faults: ['not-found'],
    async run({ device }, { peer }: AdminPorts) {
      const meant = peer
        .traffic()
        .filter(({ identity }) => identity === device || shortName(identity) === device)
      await Promise.all(meant.map(({ identity }) => peer.disconnect('done', identity)))
      if (meant.length > 0) return ok({ device, ended: meant.length })
      return err({ code: 'not-found', message: 'That device is not connected now.' } as const)
    },
  }),
  operation({
    name: 'drain begin',
    summary: 'Lets everybody go and takes nobody, until it is ended or the hub is started again',
    fields: {},
    columns: ['isDraining'],
    async run(_input, { drain }: AdminPorts) {
      await drain.begin()
      return ok({ isDraining: drain.isDraining })
    },
  }),
  operation({
    name: 'drain end',
    summary: 'Takes sessions again',
    fields: {},
    columns: ['isDraining'],
    faults: ['not-possible'],
    async run(_input, { drain }: AdminPorts) {
      drain.end()
      if (!drain.isDraining) return ok({ isDraining: false })
      return err({ code: 'not-possible', message: 'The hub is stopping.' } as const)
    },
  }),
  operation({
    name: 'links create',
    summary:
      'Makes a link that opens a session of eight hours, once, within ten minutes. Asked with the key alone',
    fields: {},
    columns: ['link', 'until'],
    faults: ['refused', 'too-many'],
    async run(_input, { sessions, linkOf, clock }: AdminPorts, asker) {
      if (asker.type !== 'key') {
        return err({ code: 'refused', message: 'The key is needed: a session makes no other ones.' } as const)
      }
      const secret = await sessions.createLink()
      if (secret === null) {
        return err({
          code: 'too-many',
          message: 'There are many links that nobody used. Wait ten minutes.',
        } as const)
      }
      return ok({ link: linkOf(secret), until: clock.now() + linkMs })
    },
  }),
  operation({
    name: 'sessions end',
    summary: 'Ends all sessions and unused links of administration, this one too; the key stays',
    fields: {},
    columns: ['ended'],
    run: async (_input, { sessions }: AdminPorts) => ok({ ended: await sessions.endAll() }),
  }),
]
