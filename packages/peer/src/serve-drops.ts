/**
 * A drop box for others (spec V20-V29): most peers keep none, and browsers load this when they do.
 *
 * @module
 */
import type { Crypto } from '@effigy/crypto'
import type { Store } from '@effigy/store'
import {
  type Clock,
  createDropBox,
  createDropService,
  type DropBox,
  defaultDropLimits,
  type Service,
} from '@effigy/sync'
import type { DropBoxOptions } from './kept-services.ts'

export interface ServedDrops {
  readonly box: DropBox
  readonly service: Service
}

export function serveDrops(
  options: DropBoxOptions,
  store: NonNullable<Store['drops']>,
  { crypto, clock }: { readonly crypto: Pick<Crypto, 'sha256'>; readonly clock: Clock },
): ServedDrops {
  const { devicesOf, accountOf, isCommunity = false, isFor = () => true } = options
  const box = createDropBox({
    ...{ store, clock, devicesOf, accountOf, isCommunity },
    sha256: crypto.sha256,
    limits: { ...defaultDropLimits, ...options.limits },
    isFull: options.isFull ?? (() => false),
  })
  return { box, service: createDropService({ box, isFor, clock }) }
}
