/**
 * Several accounts in one browser: each has a name of its own for everything that is kept (spec O11), and one is open.
 *
 *     localStorage: [effigy, effigy-2, …], open: effigy-2 ─▶ connectPeer({ name })        another one: the page is loaded again
 *
 * @module
 */

const listKey = 'effigy-accounts'
const openKey = 'effigy-account'
const first = 'effigy'

/** In one browser. */
export const maxAccounts = 8

export interface BrowserAccount {
  /** Of its files, locks and channels. */
  readonly name: string
  /** As its person was called when it was open last; empty: it is new. */
  readonly label: string
}

const namePattern = /^effigy(-[2-9])?$/

/** The one that is open stands among them. */
export function browserAccounts(): readonly BrowserAccount[] {
  const known = read()
  const open = openAccountName()
  return known.some(({ name }) => name === open) ? known : [{ name: open, label: '' }, ...known]
}

export function openAccountName(): string {
  const name = localStorage.getItem(openKey)
  return name !== null && namePattern.test(name) ? name : first
}

let ofPage: string | null = null

/** The one that this page opened: another tab may have opened another one since. Asked first before anything of it is. */
export function pageAccountName(): string {
  ofPage ??= openAccountName()
  return ofPage
}

/** Says what the one of this page is called. */
export function labelAccount(label: string): void {
  const open = pageAccountName()
  write(browserAccounts().map((each) => (each.name === open ? { ...each, label } : each)))
}

/** Loads the page again, with that one. */
export function switchAccount(name: string): void {
  write(browserAccounts())
  localStorage.setItem(openKey, name)
  location.assign('/')
}

/** The name of one more; null: there are as many as there may be. */
export function freeAccountName(): string | null {
  const taken = new Set(browserAccounts().map(({ name }) => name))
  for (let number = 1; number <= maxAccounts; number++) {
    const name = number === 1 ? first : `${first}-${number}`
    if (!taken.has(name)) return name
  }
  return null
}

/** The one of this page is gone from this browser: the page is loaded again, with the next. */
export function leaveAccount(): void {
  const open = pageAccountName()
  const others = browserAccounts().filter(({ name }) => name !== open)
  write(others)
  const next = others[0]?.name
  if (next === undefined) localStorage.removeItem(openKey)
  else localStorage.setItem(openKey, next)
  location.assign('/')
}

function write(accounts: readonly BrowserAccount[]): void {
  localStorage.setItem(listKey, JSON.stringify(accounts))
}

function read(): readonly BrowserAccount[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(listKey) ?? '[]')
    return Array.isArray(value) ? value.filter(isAccount).slice(0, maxAccounts) : []
  } catch {
    return []
  }
}

function isAccount(value: unknown): value is BrowserAccount {
  const { name, label } = (value ?? {}) as Partial<BrowserAccount>
  return typeof name === 'string' && namePattern.test(name) && typeof label === 'string'
}
