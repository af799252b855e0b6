/**
 * The vault as one file of mode 0600, plain or under a passphrase, replaced as a whole.
 *
 *     contents ─▶ text ─(a passphrase? sealVault)▶ <path>
 *
 * What stands on the disk decides whether it has a passphrase; what `unlock` learned is in memory alone.
 *
 * @module
 */
import { EffigyError, err, ok, parseUtf8, utf8 } from '@effigy/core'
import {
  createVaultSeal,
  isLockedVault,
  isSealOf,
  openVault,
  openVaultSeal,
  sealVault,
  type VaultSeal,
} from '../locked-vault.ts'
import { checkPassphrase, type PassphrasePorts } from '../passphrase.ts'
import { type LockableVault, parseVaultContents, type VaultContents, writeVaultContents } from '../vault.ts'
import {
  createPrivateFile,
  holdFormerFile,
  readPrivateFile,
  removePrivateFile,
  replacePrivateFile,
  sweepPrivateFile,
} from './private-file.ts'

/** Several times what the longest contents take. */
const maxFileLength = 4096

export interface VaultFileOptions extends PassphrasePorts {
  /** Of the passphrase's work, for tests; 18 when omitted. */
  readonly factor?: number
}

/** Whether a vault may consist of these bytes: plain and whole, or locked, which only its passphrase tells more of. */
export function isVaultFile(file: Uint8Array): boolean {
  return file.length <= maxFileLength && (isLockedVault(file) || parsePlain(file).ok)
}

export function createVaultFile(path: string, { factor, ...ports }: VaultFileOptions): LockableVault {
  let seal: VaultSeal | null = null

  const load = (): Uint8Array | null => readPrivateFile(path, maxFileLength)

  function forget(): void {
    seal?.fileKey.fill(0)
    seal = null
  }

  /** Null: the file is plain. */
  function sealFor(file: Uint8Array): VaultSeal | null {
    if (!isLockedVault(file)) {
      if (seal === null) return null
      // Somebody put it there: what is written next, the key of the account perhaps, would lie open.
      throw damaged('it had a passphrase when it was opened, and has none now')
    }
    if (seal === null || !isSealOf(seal, file)) {
      throw new EffigyError('vault-locked', `the vault ${path} is locked by a passphrase`)
    }
    return seal
  }

  function read(): VaultContents | null {
    const file = load()
    if (file === null) return null
    const held = sealFor(file)
    const parsed = held === null ? parsePlain(file) : parseText(openVault(held, file, ports))
    if (parsed.ok) return parsed.value
    if (parsed.error.code !== 'version') throw damaged(parsed.error.code)
    throw new EffigyError('vault', `the vault ${path} was written by a newer version`)
  }

  function damaged(detail: string): EffigyError {
    return new EffigyError('vault-damaged', `the vault ${path} is damaged (${detail})`)
  }

  function demand(): VaultContents {
    const contents = read()
    if (contents === null) throw new EffigyError('vault', `there is no vault at ${path}`)
    return contents
  }

  /** Never weaker than what stands there: a locked file is replaced by a locked one. */
  function write(contents: VaultContents): void {
    const text = checkedText(contents)
    const file = load()
    const held = file === null ? seal : sealFor(file)
    replacePrivateFile(path, held === null ? utf8(text) : sealVault(held, text, ports))
  }

  return {
    get state() {
      const file = load()
      if (file === null) return 'empty'
      if (!isLockedVault(file)) return 'plain'
      return seal !== null && isSealOf(seal, file) ? 'unlocked' : 'locked'
    },
    read,
    async create(contents, passphrase) {
      const text = checkedText(contents)
      if (passphrase === undefined) return createPrivateFile(path, utf8(text))
      demandGood(passphrase)
      const fresh = await createVaultSeal(passphrase, ports, factor)
      const isNew = createPrivateFile(path, sealVault(fresh, text, ports))
      if (isNew) seal = fresh
      return isNew
    },
    replace: async (contents) => write(contents),
    async newInstance() {
      const contents = demand()
      const instance = contents.instance + 1
      write({ ...contents, instance })
      return instance
    },
    async unlock(passphrase) {
      const file = load()
      if (file === null) return ok(null)
      if (!isLockedVault(file)) return parsePlain(file).ok ? ok(null) : err({ code: 'vault-damaged' })
      const opened = await openVaultSeal(file, passphrase, ports)
      if (!opened.ok) return opened
      // The passphrase is the right one: what else was altered can be told.
      if (openVault(opened.value, file, ports) === null) return err({ code: 'vault-damaged' })
      forget()
      seal = opened.value
      return ok(null)
    },
    lock: forget,
    async changePassphrase(passphrase) {
      if (passphrase !== null) demandGood(passphrase)
      demand()
      const next = passphrase === null ? null : await createVaultSeal(passphrase, ports, factor)
      // Anew: somebody may have written in that second.
      const text = checkedText(demand())
      using former = holdFormerFile(path)
      replacePrivateFile(path, next === null ? utf8(text) : sealVault(next, text, ports))
      forget()
      seal = next
      former?.writeOver()
      sweepPrivateFile(path)
    },
    tidy: () => sweepPrivateFile(path),
    async wipe() {
      forget()
      removePrivateFile(path)
      sweepPrivateFile(path)
    },
  }

  function checkedText(contents: VaultContents): string {
    const text = writeVaultContents(contents)
    if (!parseVaultContents(text).ok) throw new TypeError('not the contents of a vault')
    return text
  }
}

function parsePlain(file: Uint8Array): ReturnType<typeof parseVaultContents> {
  return parseText(parseUtf8(file))
}

function parseText(text: string | null): ReturnType<typeof parseVaultContents> {
  return text === null ? err({ code: 'encoding' }) : parseVaultContents(text)
}

function demandGood(passphrase: string): void {
  const checked = checkPassphrase(passphrase)
  if (checked.ok) return
  const message = 'A passphrase has from 8 characters to 1,024 bytes. Choose some words that nobody guesses.'
  throw new EffigyError(checked.error.code, message)
}
