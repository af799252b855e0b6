/**
 * How large a film, a sound or a document may be that is shown here.
 *
 * @module
 */

/** They are in memory as a whole. */
export const maxMediaBytes: number = 512 * 1024 * 1024
