/**
 * What a page and the worker with the peer speak over (spec O5): a message port, or a channel between tabs.
 *
 * @module
 */

/** Two ends; what is posted on one is heard on the other, in order, each once. */
export interface Port {
  /** `transfer` is given away where the platform can, and copied where it cannot. Throws what `structuredClone` does. */
  post(message: unknown, transfer?: readonly Transferable[]): void
  /** Once; what comes before waits. What the platform could not read is heard as null. */
  listen(heard: (message: unknown) => void): void
  close(): void
}

export function messagePort(port: MessagePort): Port {
  return {
    post: (message, transfer = []) => port.postMessage(message, [...transfer]),
    listen(heard) {
      port.onmessage = ({ data }) => heard(data)
      port.onmessageerror = () => heard(null)
    },
    close: () => port.close(),
  }
}

/** A channel with a name that two alone know of; it copies everything, and hears nothing of before it listened. */
export function channelPort(name: string): Port {
  const channel = new BroadcastChannel(name)
  const early: unknown[] = []
  let hear: (message: unknown) => void = (message) => {
    if (early.length < maxEarly) early.push(message)
  }
  channel.onmessage = ({ data }) => hear(data)
  channel.onmessageerror = () => hear(null)
  return {
    post: (message) => channel.postMessage(message),
    listen(heard) {
      hear = heard
      for (const message of early.splice(0)) heard(message)
    },
    close: () => channel.close(),
  }
}

/** The first words, which come before somebody listens. */
const maxEarly = 16
