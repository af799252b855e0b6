/** Boxes, sealed entries and encrypted files by their vectors, with both backends of Node; Chromium's is in browser.browser-test.ts. */
import { ownVectors } from '@effigy/testkit/node'
import { privateContract } from '../test/private-contract.ts'
import { createNobleCrypto } from './noble.ts'
import { createNodeCrypto } from './node.ts'

const vectors = {
  box: JSON.parse(ownVectors('box.json')),
  sealed: JSON.parse(ownVectors('sealed.json')),
  stream: JSON.parse(ownVectors('stream.json')),
}
const [sodium, noble] = [createNodeCrypto(), createNobleCrypto()]

privateContract('sodium', async () => sodium, vectors)
privateContract('noble', async () => noble, vectors)
