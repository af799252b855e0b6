/**
 * How large a picture may be.
 *
 * @module
 */

/** Larger ones are files, not pictures. */
export const maxPictureBytes: number = 32 * 1024 * 1024
