/**
 * What can be wrong with a file, a directory or their blocks: always a value, for a peer made them (spec B10).
 *
 * @module
 */
import { type Cid, err, type Result } from '@effigy/core'

/**
 * - `missing`: a block that is needed is not here; fetch `cid` and ask again
 * - `bad-block`: the block is not what spec B3-B5 allow
 * - `size-mismatch`: a part is not as long as the node above it says
 * - `too-deep`, `too-large`: beyond the bounds of spec B6
 * - `not-a-file`, `not-a-directory`, `not-found`, `bad-path`: the question does not fit what is there
 * - `duplicate-path`: two things of one name in a directory to be imported
 */
export type FileErrorCode =
  | 'missing'
  | 'bad-block'
  | 'size-mismatch'
  | 'too-deep'
  | 'too-large'
  | 'not-a-file'
  | 'not-a-directory'
  | 'not-found'
  | 'bad-path'
  | 'duplicate-path'

export interface FileError {
  readonly code: FileErrorCode
  /** The block it is about; null for paths. */
  readonly cid: Cid | null
  /** For a person or a log; holds nothing that a peer wrote. */
  readonly detail: string
}

/** A failed result. `detail` goes into logs: put nothing into it that a peer wrote. */
export function fileError(code: FileErrorCode, cid: Cid | null, detail: string): Result<never, FileError> {
  return err({ code, cid, detail })
}
