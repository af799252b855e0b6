import { settle } from '@effigy/testkit'
import { expect, test } from 'vitest'
import { type PlatformChannel, watchChannel } from './data-channel.ts'

const facts = {
  maxMessageBytes: 65_536,
  ownFingerprint: new Uint8Array(32),
  otherFingerprint: new Uint8Array(32),
}

function platform() {
  const listeners = new Map<string, (event: { readonly data?: unknown }) => void>()
  const channel: PlatformChannel = {
    binaryType: '',
    bufferedAmountLowThreshold: 0,
    bufferedAmount: 0,
    readyState: 'open',
    send() {},
    addEventListener: (type, listener) => void listeners.set(type, listener),
  }
  return { channel, say: (type: string, data?: unknown) => listeners.get(type)?.({ data }) }
}

test.each([
  ['few long messages', 3, 60_000],
  ['many short ones', 300, 1],
])(
  '[M11] [T16] %s before anybody listens: nothing is kept, and the link hears that it is over',
  async (_, count, bytes) => {
    const { channel, say } = platform()
    const heard: string[] = []
    const watched = watchChannel(channel, { onOpen() {}, onClose: () => void heard.push('over') })
    for (let n = 0; n < count; n++) say('message', new ArrayBuffer(bytes))
    expect(heard).toEqual(['over'])
    watched.open(facts).listen({
      onMessage: () => void heard.push('message'),
      onLow() {},
      onClose: () => void heard.push('close'),
    })
    await settle()
    expect(heard).toEqual(['over', 'close'])
  },
)

test('what came before anybody listened is heard, in order', () => {
  const { channel, say } = platform()
  const heard: (number | undefined)[] = []
  const watched = watchChannel(channel, { onOpen() {}, onClose() {} })
  say('message', Uint8Array.of(1).buffer)
  say('message', 'text')
  watched
    .open(facts)
    .listen({ onMessage: (message) => void heard.push(message?.[0]), onLow() {}, onClose() {} })
  say('message', Uint8Array.of(2).buffer)
  expect(heard).toEqual([1, undefined, 2])
})
