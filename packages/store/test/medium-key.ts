/**
 * Where a worker puts the medium that its tests are to use, in its global scope.
 *
 * @module
 */
export const mediumKey = 'effigyTestMedium'
