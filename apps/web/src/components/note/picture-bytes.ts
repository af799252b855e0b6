/**
 * How large a picture may be, and of what kind one is of which nobody says it.
 *
 * @module
 */

/** Larger ones are files, not pictures. */
export const maxPictureBytes: number = 32 * 1024 * 1024

/** Browsers look at the bytes of what `<img>` shows; this only says that it is nothing to run. */
export const posterMime = 'image/jpeg'
