/**
 * Encrypted files, for payloads that are private themselves (spec K7, P6).
 *
 *     source ─picture cleaned▶ sealStream ─▶ an ordinary blob, and `secret` for the payload
 *     blob, secret ─openStream▶ the file, or any range of it
 *
 * @module
 */
import {
  type Cid,
  EffigyError,
  encodeBase64url,
  type FileSecret,
  parseBase64url,
  sniffImage,
} from '@effigy/core'
import {
  type Crypto,
  type OpenStreamFault,
  openStream,
  type ReadCiphertext,
  type StreamSecret,
  sealStream,
} from '@effigy/crypto'

type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface FileSealing {
  /** The ciphertext; once. */
  readonly seal: (content: Source) => AsyncGenerator<Uint8Array, void>
  /** What opens it; null until all of it was given. */
  readonly secret: () => FileSecret | null
}

/** Seals one file under a key of its own. */
export function createFileSealing(crypto: Crypto): FileSealing {
  let secret: FileSecret | null = null
  return {
    async *seal(content) {
      // What begins like a picture would be judged as one, and refused as damaged: once in sixteen million files.
      const accepts = (segment: Uint8Array): boolean => sniffImage(segment) === null
      const { key, hash, bytes } = yield* sealStream(content, { crypto, accepts })
      secret = { key: encodeBase64url(key), hash: encodeBase64url(hash), bytes }
    },
    secret: () => secret,
  }
}

/**
 * The plaintext of an encrypted file, or a range of it. Throws `EffigyError` 'blob-altered' when the blob is not what this
 * secret was made with, at the end only when that is told by the hash of the whole; and what `read` throws.
 */
export async function* openFile(
  root: Cid,
  read: ReadCiphertext,
  options: {
    readonly secret: FileSecret
    readonly offset?: number
    readonly length?: number
    readonly crypto: Crypto
  },
): AsyncGenerator<Uint8Array, void> {
  const { secret, offset = 0, length = Number.POSITIVE_INFINITY, crypto } = options
  for await (const piece of openStream(read, { ...streamSecret(secret), offset, length, crypto })) {
    if (!piece.ok) throw altered(root, piece.error)
    yield piece.value
  }
}

/** The schema of payloads sees to its form (P6); anything else is a bug of the app. */
function streamSecret({ key, hash, bytes }: FileSecret): StreamSecret {
  const [keyBytes, hashBytes] = [parseBase64url(key), parseBase64url(hash)]
  if (keyBytes?.length !== 32 || hashBytes?.length !== 32 || !Number.isSafeInteger(bytes) || bytes < 0) {
    throw new TypeError('a secret has a key and a hash of 32 bytes, and a size')
  }
  return { key: keyBytes, hash: hashBytes, bytes }
}

function altered(root: Cid, { code }: OpenStreamFault): EffigyError {
  const what: Record<OpenStreamFault['code'], string> = {
    length: 'it is shorter or longer than its author says',
    altered: 'its key does not open it',
    hash: 'it is another file than its author says',
  }
  const message = `The encrypted file ${root} cannot be read: ${what[code]}. Its author has to publish it again.`
  return new EffigyError('blob-altered', message)
}
