/**
 * What is used of age's library, and the base64 of its stanzas.
 *
 * @module
 */
export { base64nopad } from '@scure/base'
export { Decrypter, Encrypter, Stanza } from 'age-encryption'
