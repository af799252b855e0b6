/**
 * Bounds on what a payload may say (spec P), each with its unit and reason.
 *
 * They are part of the format: a reader that allowed more would show what others
 * refuse. The 15,360 bytes of an entry bound inline payloads further.
 *
 * @module
 */

/** Bytes of a detached block: one raw block, as everywhere (B1). */
export const maxDetachedBytes: number = 256 * 1024

/** ms since 1970: the last instant that a JavaScript Date can hold, so that no claim breaks a formatter. */
export const maxAt = 8_640_000_000_000_000

/** Random bytes of `salt`: without it the hash of an erased short text could be guessed. */
export const saltBytes = 16

/** UTF-8 bytes of a note or comment: escaped, encrypted and padded it still fits a detached block. */
export const maxTextBytes: number = 128 * 1024

/** UTF-8 bytes of an alternative text or a description of a file: a long paragraph. */
export const maxAltBytes = 4096

/** UTF-8 bytes of a person's or group's name: 24 characters of any script. */
export const maxNameBytes = 96

/** UTF-8 bytes of a device's label: 24 of them fit one synod state. */
export const maxLabelBytes = 24

/** UTF-8 bytes of what a person says about himself: one screen. */
export const maxAboutBytes = 2048

/** UTF-8 bytes of the same inside a synod state, which must fit one entry with 24 members and 24 revoked. */
export const maxSynodAboutBytes = 512

/** UTF-8 bytes of a file name: what file systems take (B5). */
export const maxFileNameBytes = 255

/** UTF-8 bytes of a content warning: one line. */
export const maxWarningBytes = 512

/** UTF-8 bytes of a tag or a reaction. */
export const maxTagBytes = 96

/** Of the address at which a note was said first, bytes of UTF-8. */
export const maxOriginBytes = 2_048

/** Tags of one payload: enough to describe, too few to flood an index. */
export const maxTags = 32

/** People named in one payload; each may be notified. */
export const maxMentions = 32

/** Files and quotes of one payload. */
export const maxAttachments = 16

/** Names that an edited payload answers to. */
export const maxWas = 16

/** Contents in one `erase`: 64 fit an entry. */
export const maxEraseTargets = 64

/** Accounts that one private note, or one group operation, names: one age header holds 64 readers. */
export const maxReaders = 64

/** People of a conversation that is no group, besides whoever writes: more of them would not fit the entry that hands out its key. */
export const maxConversationPeople = 16

/** Operations that a group operation or read key knows: heads of the concurrent branches, not all of history. */
export const maxKnown = 24

/** Members of a synod, and again revoked ones. */
export const maxSynodIdentities = 24

/** Moves in a synod state. Some 700 bytes each: with full lists of members and revoked, six fit. */
export const maxSynodMoves = 16

/** Hubs, and again drop boxes, that an account names. */
export const maxHubs = 8

/** Names that an account goes by at hubs: one each of those that it names. */
export const maxAliases = 8

/** ASCII characters of a hub's address. */
export const maxUrlLength = 255

/** Pixels a side that an image may claim; whether it is shown is for its own header to say (I). */
export const maxPixels = 65_535

/** Bytes of a thumbhash: the format never makes more than 25. */
export const maxThumbhashBytes = 25

/** Earlier read keys that a new one carries: one a concurrent branch. */
export const maxFormerKeys = 8

/** Generations of a read key, as epochs: 2^31. */
export const maxGeneration: number = 2 ** 31

/** Bytes of one Shamir share: the entropy of 24 words and the share's own byte, with room for another scheme. */
export const maxShareBytes = 128

/** Custodians of a phrase. */
export const maxCustodians = 16

/** Changed keys in one `device_state`. */
export const maxStateChanges = 256

/** UTF-8 bytes of a key of `device_state`: a word, a slash, a CID or identity or two. */
export const maxStateKeyBytes = 192

/** ASCII characters of a type's name. */
export const maxTypeLength = 64
