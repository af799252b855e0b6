/**
 * The page of an invite, `/i/` (spec W2): what this is, who invites, how to go on. The server sees nothing of the
 * invite; `invite-script.ts` writes it in, in the browser. Without scripts the rest still explains itself.
 *
 * @module
 */
import { hash } from 'node:crypto'
import type { Identity } from '@effigy/core'
import { type About, aboutSections } from './about.ts'
import { type Html, html, raw } from './html.ts'
import { inviteScript } from './invite-script.ts'
import { type Around, inviteStrings } from './invite-strings.ts'
import { document } from './page.ts'
import type { Language } from './strings.ts'

export interface InvitePageContents extends About {
  readonly language: Language
  /** Of the hub. */
  readonly name: string
  readonly identity: Identity
  /** Where Effigy runs in a browser; null: nowhere yet. */
  readonly appUrl: string | null
}

/** For the policy of this page, as browsers compute it. */
export const inviteScriptHash: string = `sha256-${hash('sha256', inviteScript, 'base64')}`

export function invitePage({ language, name, identity, appUrl, ...about }: InvitePageContents): Html {
  const words = inviteStrings[language]
  const note = (id: string, text: string, kind = 'note'): Html =>
    html`<p class="${kind}" id="${id}" hidden>${text}</p>`
  return document(
    language,
    words.title.join(name),
    html`<div id="page" data-hub="${identity}">
<h1>${around(words.title, html`<bdi>${name}</bdi>`)}</h1>
<div id="who" hidden>
<p class="lead" id="named">${around(words.named, html`<strong><bdi id="name"></bdi></strong>`)}</p>
<p class="lead" id="somebody" hidden>${words.somebody}</p>
</div>
${words.what.map((text) => html`<p>${text}</p>`)}
<noscript><p class="note">${words.noScript}</p></noscript>
<div role="status">
${note('missing', words.missing)}
${note('link-code', words.linkCode, 'alarm')}
${note('broken', words.broken, 'alarm')}
${note('foreign', words.foreign, 'alarm')}
${note('forged', words.forged, 'alarm')}
${note('expired', words.expired)}
${note('unchecked', words.unchecked)}
${note('insecure', words.insecure)}
</div>
<section id="go-on" aria-labelledby="go-on-title" hidden><h2 id="go-on-title">${words.goOnTitle}</h2>
${openPart(appUrl, language)}<h3>${words.phoneTitle}</h3>
<p>${appUrl === null ? words.phoneWithoutApp : words.phoneWithApp}</p>
<h3>${words.linkTitle}</h3>
<code id="link" tabindex="0" dir="ltr" translate="no"></code>
<button type="button" id="copy-link" hidden>${words.copyLink}</button>
<p class="soft">${words.linkHelp}</p>
<details${raw(appUrl === null ? ' open' : '')}><summary>${words.computerTitle}</summary>
<p>${words.computer}</p>
<code id="command" tabindex="0" dir="ltr" translate="no"></code>
<button type="button" id="copy-command" hidden>${words.copyCommand}</button>
</details>
<p class="soft" id="until" hidden>${around(words.until, html`<span id="day"></span>`)}</p>
<p class="soft" id="checked" hidden>${words.checked}</p>
<p class="soft" id="said" role="status" data-copied="${words.copied}" data-failed="${words.notCopied}"></p>
</section>
<noscript><section><h2>${words.computerTitle}</h2>
<p>${words.computer}</p>
<code dir="ltr" translate="no">effigy hub join '…'</code></section></noscript>
${aboutSections(language, about)}<section><h2>${words.hubTitle}</h2>
<p>${words.hub}</p>
<a href="/hub">${words.aboutHub}</a></section>
</div>
<script>${raw(inviteScript)}</script>`,
  )
}

function openPart(appUrl: string | null, language: Language): Html {
  if (appUrl === null) return raw('')
  const words = inviteStrings[language]
  return html`<p><a class="button" id="open" data-app="${appUrl}" href="${appUrl}">${words.open}</a></p>
<p class="soft">${words.openHelp}</p>
`
}

function around([before, after]: Around, between: Html): Html {
  return html`${before}${between}${after}`
}
