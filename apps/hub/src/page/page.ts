/**
 * The hub's plain page: what it is, its address, how it is doing. It needs no script.
 *
 *     HubState, address, language ─▶ HTML
 *
 * @module
 */
import type { HubState } from '../state.ts'
import { type About, aboutSections } from './about.ts'
import { type Html, html, raw } from './html.ts'
import { inviteStrings } from './invite-strings.ts'
import { type Language, strings } from './strings.ts'
import { css } from './style.ts'

export interface PageContents {
  readonly language: Language
  readonly name: string
  readonly address: string
  readonly state: HubState
  readonly version: string
  /** Nobody on another machine can reach it. */
  readonly localOnly: boolean
  /** The visitor is on another machine and came without TLS: browsers give such a page no keys, storage or worker. */
  readonly isPlain: boolean
  readonly services: PageServices
  readonly about: About
  /** Where the app is; null: nowhere here. */
  readonly appUrl: string | null
}

/** Null: it does not do that. */
export interface PageServices {
  readonly drops: { readonly days: number } | null
  readonly leases: { readonly bytes: number; readonly days: number } | null
}

export function homePage(contents: PageContents): Html {
  const { language, name, address, state, version, localOnly, isPlain, services } = contents
  const words = strings[language]
  const number = new Intl.NumberFormat(language)
  const count = (value: number): string => number.format(value)
  const sized = (value: number, bytes: number): string => words.withSize(count(value), size(bytes, language))
  const rows: readonly (readonly [string, string])[] = [
    [words.devices, words.devicesOf(count(state.members), count(state.maxMembers))],
    [words.connected, count(state.sessions)],
    [words.feeds, count(state.feeds)],
    [words.entries, sized(state.entries, state.entryBytes)],
    [words.files, sized(state.blobs, state.blobBytes)],
    [words.uptime, duration(state.uptimeMs, language)],
    [words.version, version],
  ]
  const list = rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)
  // A line breaks rather before the identity than inside it.
  const place = address.split('#', 1)[0] ?? ''
  const note = localOnly ? html`<p class="note">${words.localOnly}</p>` : raw('')
  const plain = isPlain ? plainSection(language) : raw('')
  return document(
    language,
    name,
    html`<h1 dir="auto">${name}</h1>
<p class="lead">${words.lead}</p>
${isPlain || contents.appUrl === null ? raw('') : openApp(contents.appUrl, language)}${plain}<section aria-labelledby="address"><h2 id="address">${words.addressTitle}</h2>
<code dir="ltr" translate="no">${place}<wbr>${address.slice(place.length)}</code>
<p class="soft">${words.addressHelp}</p>
${note}</section>
<section aria-labelledby="state"><h2 id="state">${words.stateTitle}</h2>
<dl>
${list}
</dl>
<a href="/hub">${words.reload}</a></section>
${servicesSection(services, language)}${aboutSections(language, contents.about)}<section aria-labelledby="honesty"><h2 id="honesty">${words.honestyTitle}</h2>
<p>${words.honesty}</p></section>`,
  )
}

function openApp(url: string, language: Language): Html {
  return html`<p><a class="button" href="${url}">${inviteStrings[language].open}</a></p>
`
}

function plainSection(language: Language): Html {
  const words = strings[language]
  return html`<section class="note" aria-labelledby="plain"><h2 id="plain">${words.plainTitle}</h2>
<p>${words.plain}</p>
<p>${words.plainWays}</p></section>
`
}

function servicesSection({ drops, leases }: PageServices, language: Language): Html {
  const words = strings[language]
  const days = (count: number): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(count)
  const lines = [
    ...(drops === null ? [] : [words.keepsDrops(days(drops.days))]),
    ...(leases === null ? [] : [words.keepsLeases(size(leases.bytes, language), days(leases.days))]),
  ]
  if (lines.length === 0) return raw('')
  return html`<section aria-labelledby="services"><h2 id="services">${words.servicesTitle}</h2>
${lines.map((line) => html`<p>${line}</p>`)}</section>
`
}

/** A page that says one thing and leads back. */
export function messagePage(language: Language, name: string, title: string, text: string): Html {
  return document(
    language,
    title,
    html`<h1>${title}</h1>
<p class="lead">${text}</p>
<a href="/">${strings[language].home}: <bdi>${name}</bdi></a>`,
  )
}

/** One page: its title, and what stands in it. */
export function document(language: Language, title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>${raw(css)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

const unitNames = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

function size(bytes: number, language: Language): string {
  const step = Math.min(unitNames.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3))
  const unit = unitNames[step] ?? 'byte'
  // "378 byte" is what the short form would give.
  const unitDisplay = unit === 'byte' ? 'long' : 'short'
  const format = new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay,
    maximumFractionDigits: 1,
  })
  return format.format(bytes / 1000 ** step)
}

/** The two greatest units that are not zero: "3 days, 4 hours". */
function duration(ms: number, language: Language): string {
  const seconds = Math.floor(ms / 1000)
  const parts = [
    ['day', Math.floor(seconds / 86_400)],
    ['hour', Math.floor(seconds / 3_600) % 24],
    ['minute', Math.floor(seconds / 60) % 60],
    ['second', seconds % 60],
  ] as const
  const first = parts.findIndex(([, value]) => value > 0)
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([, value]) => value > 0)
  return new Intl.ListFormat(language, { type: 'unit' }).format(
    shown.map(([unit, value]) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value),
    ),
  )
}
