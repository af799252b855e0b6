/**
 * Files inside payloads: images, other media, collections (spec P6).
 *
 *     encrypted file = ciphertext blob + `secret` {key, hash, bytes} in the (encrypted) payload
 *
 * @module
 */
import * as z from 'zod/mini'
import type { Cid } from '../names.ts'
import {
  bytesField,
  bytesUpToField,
  cidField,
  lineField,
  longTextField,
  mimeField,
  patternField,
  type Schema,
  wholeField,
} from './fields.ts'
import { maxAltBytes, maxFileNameBytes, maxPixels, maxThumbhashBytes } from './limits.ts'

/** What opens an encrypted blob: for payloads that are encrypted themselves, elsewhere it hides nothing. */
export interface FileSecret {
  /** 32 bytes, base64url: ChaCha20-Poly1305 in the STREAM construction. */
  readonly key: string
  /** SHA-256 of the plaintext, 32 bytes, base64url. */
  readonly hash: string
  /** Bytes of the plaintext. */
  readonly bytes: number
}

export interface ImageFile {
  readonly blob: Cid
  /** `image/…`; a claim: the bytes decide. */
  readonly mime: string
  /** Pixels, upright. */
  readonly width: number
  readonly height: number
  /** What the picture shows, for those who cannot see it; empty when there is nothing to say. */
  readonly alt: string
  /** 5 to 25 bytes, base64url. */
  readonly thumbhash?: string
  readonly secret?: FileSecret
}

export interface MediaFile {
  readonly kind: 'video' | 'audio' | 'document'
  readonly blob: Cid
  readonly mime: string
  /** Bytes of the file as it was before encryption. */
  readonly bytes: number
  readonly name?: string
  readonly alt?: string
  /** ms. */
  readonly duration?: number
  readonly width?: number
  readonly height?: number
  readonly thumbhash?: string
  /** An image to show before it plays. */
  readonly poster?: Cid
  readonly secret?: FileSecret
}

export interface CollectionFile {
  /** A UnixFS directory. */
  readonly root: Cid
  readonly name: string
  /** Files in it, at any depth. */
  readonly count: number
  /** Bytes of all of them. */
  readonly bytes: number
  readonly alt?: string
}

const secretField: Schema<FileSecret> = z.looseObject({
  key: bytesField(32),
  hash: bytesField(32),
  bytes: wholeField(0),
})
const altField = longTextField(maxAltBytes)
const nameField = lineField(1, maxFileNameBytes)
const pixelsField = wholeField(1, maxPixels)
const thumbhashField = bytesUpToField(maxThumbhashBytes)

export const imageFields = {
  blob: cidField,
  mime: patternField(/^image\/[a-z0-9][a-z0-9.+-]*$/, 127),
  width: pixelsField,
  height: pixelsField,
  alt: altField,
  thumbhash: z.exactOptional(thumbhashField),
  secret: z.exactOptional(secretField),
}

export const mediaFields = {
  kind: z.enum(['video', 'audio', 'document']),
  blob: cidField,
  mime: mimeField,
  bytes: wholeField(0),
  name: z.exactOptional(nameField),
  alt: z.exactOptional(altField),
  duration: z.exactOptional(wholeField(0)),
  width: z.exactOptional(pixelsField),
  height: z.exactOptional(pixelsField),
  thumbhash: z.exactOptional(thumbhashField),
  poster: z.exactOptional(cidField),
  secret: z.exactOptional(secretField),
}

export const collectionFields = {
  root: cidField,
  name: nameField,
  count: wholeField(0),
  bytes: wholeField(0),
  alt: z.exactOptional(altField),
}

/** A picture of a person or group. */
export const avatarField: Schema<ImageFile | null> = z.nullable(z.looseObject(imageFields))
