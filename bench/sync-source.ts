/**
 * A process of its own that serves a prepared store; ends when its parent does.
 *
 * @module
 */
import { listen, openBenchPeer } from './peers.ts'

const [folder = ''] = process.argv.slice(2)
const source = await openBenchPeer(folder, { kind: 'hub' })
const { address } = await listen(source.peer)
process.on('disconnect', () => process.exit(0))
process.send?.({ address, identity: source.peer.identity })
