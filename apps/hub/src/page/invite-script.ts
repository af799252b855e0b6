/**
 * What the page of an invite does with the fragment, in the browser that opened it (spec W2): it reads it, and says what
 * stands in it. Nothing of it is sent, and nothing of it becomes markup.
 *
 *     #effigy-invite-1-… ─read▶ name, hub, until ─▶ text in the page; parts of it shown or hidden
 *
 * The one function here goes to the browser as its own text, so it uses nothing around it.
 *
 * @module
 */

/** All that it needs of a browser. */
export interface InviteWindow {
  readonly location: { readonly href: string; readonly hash: string }
  readonly isSecureContext: boolean
  readonly document: {
    readonly documentElement: { readonly lang: string }
    getElementById(id: string): InviteElement | null
  }
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } }
  readonly crypto: { readonly subtle?: SubtleCrypto }
  addEventListener(type: 'hashchange', listener: () => void): void
}

export interface InviteElement {
  hidden: boolean
  textContent: string | null
  readonly dataset: { readonly [name: string]: string | undefined }
  setAttribute(name: string, value: string): void
  addEventListener(type: 'click', listener: () => void): void
}

/** Resolves when all is shown that will be. */
export async function explainInvite(window: InviteWindow): Promise<void> {
  const { document, crypto } = window
  const element = (id: string): InviteElement | null => document.getElementById(id)
  const show = (id: string, isShown = true): void => {
    const found = element(id)
    if (found !== null) found.hidden = !isShown
  }
  const write = (id: string, text: string): void => {
    const found = element(id)
    if (found !== null) found.textContent = text
  }
  const utf8 = (text: string): Uint8Array<ArrayBuffer> =>
    new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>

  /** Null unless it is base64url. */
  function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
    try {
      const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
      return Uint8Array.from(binary, (character) => character.charCodeAt(0))
    } catch {
      return null
    }
  }

  function base64url(bytes: Uint8Array): string {
    const text = btoa(String.fromCharCode(...bytes))
    return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  }

  /** `did:key` of an Ed25519 key. */
  function identityOf(key: Uint8Array): string {
    const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
    let number = 0xed01n
    for (const byte of key) number = number * 256n + BigInt(byte)
    let text = ''
    for (; number > 0n; number /= 58n) text = letters.charAt(Number(number % 58n)) + text
    return `did:key:z${text}`
  }

  /** Spec L5; null where it is no such body. */
  function readBody(body: Uint8Array) {
    let at = 0
    const take = (length: number): Uint8Array => {
      if (at + length > body.length) throw new RangeError('short')
      at += length
      return body.subarray(at - length, at)
    }
    const byte = (): number => take(1)[0] ?? 0
    const number = (): number => {
      let value = 0
      for (let factor = 1; factor < 2 ** 53; factor *= 128) {
        const next = byte()
        value += (next % 128) * factor
        if (next < 128) return value
      }
      throw new RangeError('long')
    }
    try {
      const token = take(16)
      const until = number()
      const count = number()
      const from = take(32)
      const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(take(byte()))
      const hasAccount = byte()
      const synod = hasAccount === 1 ? identityOf(take(32)) : null
      const root = hasAccount === 1 ? base64url(take(32)) : null
      const hub = identityOf(take(32))
      const url = String.fromCharCode(...take(byte()))
      const signed = JSON.stringify({
        v: 1,
        from: identityOf(from),
        name,
        synod,
        root,
        hub,
        url,
        token: base64url(token),
        until,
        count,
      })
      const signature = take(64)
      return at < body.length || hasAccount > 1 ? null : { from, name, hub, until, signed, signature }
    } catch {
      return null
    }
  }

  /** Null: this browser cannot tell. */
  async function isWhole(text: string): Promise<boolean | null> {
    if (crypto.subtle === undefined) return null
    const digest = await crypto.subtle.digest('SHA-256', utf8(`effigy/code/1\n${text.slice(0, -6)}`))
    return base64url(new Uint8Array(digest).subarray(0, 4)) === text.slice(-6)
  }

  /** Null: this browser cannot tell. */
  async function isSigned(from: Uint8Array, signed: string, signature: Uint8Array): Promise<boolean | null> {
    if (crypto.subtle === undefined) return null
    try {
      const key = await crypto.subtle.importKey('raw', from.slice(), 'Ed25519', false, ['verify'])
      return await crypto.subtle.verify('Ed25519', key, signature.slice(), utf8(`effigy/invite/1\n${signed}`))
    } catch {
      return null
    }
  }

  const states = ['missing', 'link-code', 'broken', 'foreign', 'forged', 'expired', 'checked', 'unchecked']

  async function explain(): Promise<void> {
    const code = window.location.hash.slice(1)
    for (const state of states) show(state, false)
    show('go-on', false)
    show('who', false)
    show('until', false)
    show('insecure', !window.isSecureContext)
    if (code === '') return show('missing')
    if (code.startsWith('effigy-link-')) return show('link-code')
    const [, coded] = /^effigy-invite-1-([A-Za-z0-9_-]{1,2000})$/.exec(code) ?? []
    const body = coded === undefined ? null : bytesOf(coded.slice(0, -6))
    const invite = body === null ? null : readBody(body)
    if (invite === null || (await isWhole(code)) === false) return show('broken')
    const verdict = await isSigned(invite.from, invite.signed, invite.signature)
    // Another fragment came meanwhile.
    if (window.location.hash.slice(1) !== code) return
    if (verdict === false) return show('forged')
    if (element('page')?.dataset.hub !== invite.hub) return show('foreign')
    const day = new Date(invite.until)
    const isDay = !Number.isNaN(day.getTime())
    const form = new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: 'long',
      timeStyle: 'short',
    })
    write('name', invite.name)
    show('somebody', invite.name === '')
    show('named', invite.name !== '')
    show('who')
    write('day', isDay ? form.format(day) : '')
    show(Date.now() >= invite.until ? 'expired' : 'until', isDay)
    show(verdict === true ? 'checked' : 'unchecked')
    const link = window.location.href
    write('link', link)
    write('command', `effigy hub join '${link}'`)
    const open = element('open')
    open?.setAttribute('href', `${open.dataset.app ?? ''}#${code}`)
    show('go-on')
  }

  const { clipboard } = window.navigator
  for (const id of ['link', 'command']) {
    show(`copy-${id}`, clipboard !== undefined)
    element(`copy-${id}`)?.addEventListener('click', () => {
      const text = element(id)?.textContent ?? ''
      clipboard?.writeText(text).then(
        () => write('said', element('said')?.dataset.copied ?? ''),
        () => write('said', element('said')?.dataset.failed ?? ''),
      )
    })
  }
  window.addEventListener('hashchange', () => void explain())
  await explain()
}

/** As it stands in the page; its hash stands in the policy of that page alone. */
export const inviteScript: string = `(${explainInvite.toString()})(window)`
