import { maxRelayedFrameBytes, sealBytes } from '@effigy/sync'
import { describe } from 'vitest'
import { createTestHub, someone } from '../../sync/test/signal-kit.ts'
import { linkContract } from '../test/contract.ts'
import { relayLink } from './relay.ts'

const hub = someone(9)
const never = new AbortController().signal

describe('relayLink', () => {
  linkContract(
    async () => {
      const { join } = createTestHub()
      const [alice, bob] = [join(1), join(2)]
      await bob.signals.choose({ show: [alice.identity], hear: [], open: false, room: false })
      const opened = await alice.circuits.open(bob.identity, never)
      const [theirs] = bob.arrived
      if (!opened.ok || theirs === undefined) throw new Error('no circuit')
      const links = [relayLink(opened.value, hub), relayLink(theirs, hub)] as const
      return {
        links,
        async [Symbol.asyncDispose]() {
          for (const link of links) link.close()
        },
      }
    },
    { slowsSenderDown: true, longest: maxRelayedFrameBytes + sealBytes },
  )
})
