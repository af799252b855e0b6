import { systemClock } from '@effigy/sync'
import { busContract } from '../../test/bus-contract.ts'
import { createEmbeddedBus } from './embedded-bus.ts'

busContract(async () => createEmbeddedBus({ clock: systemClock }))
