/**
 * Linking devices, as a peer uses it (spec L).
 *
 *     show ─▶ code as text, links come in ─┐
 *                                          ├─▶ emoji on both ─decide▶ linked
 *     read ─▶ code, links go out ──────────┘
 *
 * Nothing here finds the other device: whoever wires it dials the places of the code, or hands over what is accepted.
 *
 * @module
 */
import {
  type CodePlace,
  encodeBase64url,
  err,
  type Identity,
  type LinkCode,
  type LinkCodeFault,
  linkSecretBytes,
  ok,
  parseLinkCode,
  type Result,
  writeLinkCode,
} from '@effigy/core'
import type { PairingAccount } from './account-port.ts'
import { isLabel } from './calls.ts'
import { type JoiningDevice, joinOver } from './join-over.ts'
import { linkOver } from './link-over.ts'
import { createRun, type LiveRun, type PairingRun } from './pairing-run.ts'
import type { PairingFaultCode } from './pairing-state.ts'
import type { RendezvousPorts } from './rendezvous.ts'

export interface PairingPorts extends RendezvousPorts {
  /** Of this device; null: it may join one. Asked when a code is shown or read. */
  readonly account: () => PairingAccount | null
  /** What this device says of itself when it joins. */
  readonly device: () => JoiningDevice
}

export interface ShownCode extends PairingRun {
  /** For a QR code, or to be copied. A secret of two minutes: never logged. */
  readonly text: string
}

export type ReadFault = LinkCodeFault | { readonly code: PairingFaultCode }

export interface ReadOptions {
  /** The person insists although the code says that it has expired: a clock may be wrong. */
  readonly tryExpired?: boolean
}

export interface Pairing extends Disposable {
  /** Cancels and voids the code that was shown before. */
  show(options: { readonly places: readonly CodePlace[] }): ShownCode
  /** Reads what a person scanned or pasted. Nothing is dialled by it. */
  read(text: string, options?: ReadOptions): Result<PairingRun, ReadFault>
  /** The code that is shown, while links for it should be accepted: also a while after it is spent. */
  readonly shown: ShownCode | null
}

/** Throws a RangeError when `device` is asked for and has no label of 1 to 24 bytes in a line. */
export function createPairing(ports: PairingPorts): Pairing {
  const { crypto, clock, limits, identity } = ports
  const used = new Set<string>()
  const runs = new Set<Disposable>()
  let shown: (ShownCode & LiveRun) | null = null

  function remember(secret: Uint8Array): void {
    used.add(encodeBase64url(crypto.sha256(secret)))
    const [oldest] = used
    if (used.size > limits.usedCodes && oldest !== undefined) used.delete(oldest)
  }

  function open(code: LinkCode, expect: Identity | null): LiveRun {
    const account = ports.account()
    // What it says must not change while it runs.
    const device = account === null ? checkedDevice(ports.device()) : null
    const root = expect === null ? null : code.root
    const run = createRun(
      {
        code,
        expect,
        onVoid: () => remember(code.secret),
        start: (session, show) =>
          device === null
            ? linkOver(session, account as PairingAccount, { ...ports, show })
            : joinOver(session, { device, root }, { ...ports, show }),
      },
      ports,
    )
    runs.add(run)
    void run.outcome.then(() => runs.delete(run))
    return run
  }

  return {
    show({ places }) {
      shown?.[Symbol.dispose]()
      const code: LinkCode = {
        identity,
        secret: crypto.randomBytes(linkSecretBytes),
        expires: clock.now() + limits.codeMs,
        root: ports.account()?.root ?? null,
        places,
      }
      const text = writeLinkCode(code, crypto.sha256)
      shown = Object.assign(open(code, null), { text })
      return shown
    },
    read(text, { tryExpired = false } = {}) {
      const isUsed = (secret: Uint8Array): boolean => used.has(encodeBase64url(crypto.sha256(secret)))
      const read = parseLinkCode(text, { nowMs: clock.now(), isUsed, sha256: crypto.sha256 })
      if (!read.ok && !(read.error.code === 'code-expired' && tryExpired)) return read
      const code = read.ok ? read.value : (read.error as { readonly late: LinkCode }).late
      if (code.identity === identity) return err({ code: 'pairing-self' })
      const account = ports.account()
      if (account !== null && code.root !== null) return err({ code: 'pairing-both-linked' })
      if (account === null && code.root === null) return err({ code: 'pairing-neither-linked' })
      return ok(open(code, code.identity))
    },
    get shown() {
      return shown?.isLive ? shown : null
    },
    [Symbol.dispose]() {
      shown?.[Symbol.dispose]()
      for (const run of [...runs]) run[Symbol.dispose]()
    },
  }
}

function checkedDevice(device: JoiningDevice): JoiningDevice {
  if (!isLabel(device.label)) throw new RangeError('a label is a line of 1 to 24 bytes')
  if (device.box.length !== 32) throw new RangeError('a box key has 32 bytes')
  return device
}
