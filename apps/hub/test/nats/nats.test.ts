import { connect } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe } from 'vitest'
import { busContract } from '../bus-contract.ts'
import { hubStoreContract } from '../hub-store-contract.ts'
import { createNatsBus } from './nats-bus.ts'
import { createNatsStore } from './nats-store.ts'
import { type NatsServer, natsMissing, startNatsServer } from './server.ts'

describe.skipIf(natsMissing !== null)(
  `NATS${natsMissing === null ? '' : ` (left out: ${natsMissing})`}`,
  () => {
    let server: NatsServer
    let opened = 0
    beforeAll(async () => {
      server = await startNatsServer()
    })
    afterAll(() => server[Symbol.asyncDispose]())

    const open = () => connect({ servers: server.address, reconnect: false })

    describe('HubStore over KV', () =>
      hubStoreContract(
        async (clock) =>
          createNatsStore({ connection: await open(), prefix: `t${opened++}`, now: () => clock.now() }),
        { runs: 5 },
      ))

    describe('Bus over subjects', () => busContract(async () => createNatsBus(await open(), `t${opened++}`)))
  },
)
