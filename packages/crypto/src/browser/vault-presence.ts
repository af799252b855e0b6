/**
 * Whether this browser may have keys already, before anything of the vault is loaded.
 *
 * @module
 */

/** Of the IndexedDB that has the vault of that name. */
export const vaultDatabaseName = (name: string): string => `${name}-vault`

/** False: there are none for sure. Creates nothing. */
export async function mayHaveVault(
  name: string,
  factory: Pick<IDBFactory, 'databases'> = indexedDB,
): Promise<boolean> {
  try {
    const found = await factory.databases()
    return found.some((database) => database.name === vaultDatabaseName(name))
  } catch {
    // An older browser, or one that says nothing: the vault itself knows.
    return true
  }
}
