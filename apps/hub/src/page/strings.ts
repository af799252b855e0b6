/**
 * Every word of the hub's page, a catalogue a language. Adding one means adding it here.
 *
 * @module
 */

export interface Strings {
  readonly lead: string
  readonly addressTitle: string
  readonly addressHelp: string
  readonly localOnly: string
  /** On a page over plain http that came from another machine. */
  readonly plainTitle: string
  readonly plain: string
  readonly plainWays: string
  readonly stateTitle: string
  readonly devices: string
  readonly devicesOf: (count: string, most: string) => string
  readonly feeds: string
  readonly entries: string
  readonly files: string
  readonly connected: string
  readonly uptime: string
  readonly version: string
  /** A count and how many bytes it takes. */
  readonly withSize: (count: string, size: string) => string
  readonly servicesTitle: string
  /** Sizes and days, as people read them. */
  readonly keepsDrops: (days: string) => string
  readonly keepsLeases: (size: string, days: string) => string
  readonly termsTitle: string
  readonly contactTitle: string
  readonly reload: string
  readonly honestyTitle: string
  readonly honesty: string
  readonly notFoundTitle: string
  readonly notFound: string
  readonly notAllowedTitle: string
  readonly notAllowed: string
  readonly notReadyTitle: string
  readonly notReady: string
  readonly home: string
  readonly adminTitle: string
  readonly adminText: string
}

const english: Strings = {
  lead: 'This hub keeps what its people publish online while their own devices are away.',
  addressTitle: 'Its address, to give to friends',
  addressHelp: 'Add this address in Effigy. The part after # makes sure that it is this hub that answers.',
  localOnly: 'It can be reached from this computer only. Start it with --host 0.0.0.0 to let others in.',
  plainTitle: 'This page came without encryption',
  plain:
    'Over plain http from another machine, phones and browsers get no keys, no storage and no worker, so Effigy cannot run in them here. The apps for computers connect all the same: what they send is sealed by themselves.',
  plainWays:
    'Whoever runs this hub can put a proxy or a tunnel with https in front of it, or start it with --tls. How is told in docs/hub/running.md.',
  stateTitle: 'Right now',
  devices: 'Devices it keeps data for',
  devicesOf: (count, most) => `${count} of at most ${most}`,
  feeds: 'Timelines kept up to date',
  entries: 'Posts kept',
  files: 'Pieces of files kept',
  connected: 'Devices connected',
  uptime: 'Running for',
  version: 'Version',
  withSize: (count, size) => `${count} (${size})`,
  servicesTitle: 'What it does for its people',
  keepsDrops: (days) =>
    `It keeps messages that are left for them while they are away, for up to ${days}. It cannot read them.`,
  keepsLeases: (size, days) =>
    `It promises to keep what they ask it to: up to ${size} for each person, for up to ${days} at a time. Their devices check that it does.`,
  termsTitle: 'What this hub asks of you',
  contactTitle: 'Who runs it',
  reload: 'Reload',
  honestyTitle: 'What a hub knows',
  honesty:
    'A hub can forge nothing, and can be replaced at any time. It does see which devices connect to it, and whose posts they follow.',
  notFoundTitle: 'There is nothing here',
  notFound: 'This address leads nowhere on this hub. Look for a typing mistake.',
  notAllowedTitle: 'Only for reading',
  notAllowed: 'Pages of this hub can be read; nothing can be sent to them.',
  notReadyTitle: 'Not now',
  notReady: 'The hub cannot reach its data, or is stopping. Try again in a moment.',
  home: 'To the page of this hub',
  adminTitle: 'Administration of this hub',
  adminText:
    'This link opens administration once, within ten minutes of its making, and it is not used up by looking at this page. On a computer with the hub’s program: hub admin --link, with the whole link behind it. The pages come with the Effigy app.',
}

const german: Strings = {
  lead: 'Dieser Hub hält bereit, was seine Leute veröffentlichen, solange ihre eigenen Geräte nicht da sind.',
  addressTitle: 'Seine Adresse, zum Weitergeben an Freunde',
  addressHelp:
    'Trage diese Adresse in Effigy ein. Der Teil hinter # stellt sicher, dass dieser Hub antwortet und kein anderer.',
  localOnly:
    'Er ist nur von diesem Rechner aus erreichbar. Mit --host 0.0.0.0 gestartet, lässt er auch andere herein.',
  plainTitle: 'Diese Seite kam unverschlüsselt',
  plain:
    'Über einfaches http von einem anderen Rechner bekommen Telefone und Browser keine Schlüssel, keinen Speicher und keinen Worker; Effigy läuft hier also nicht in ihnen. Die Programme für Rechner verbinden sich trotzdem: Was sie senden, versiegeln sie selbst.',
  plainWays:
    'Wer diesen Hub betreibt, kann einen Proxy oder Tunnel mit https davorsetzen oder ihn mit --tls starten. Wie das geht, steht in docs/hub/running.md.',
  stateTitle: 'Gerade jetzt',
  devices: 'Geräte, für die er aufbewahrt',
  devicesOf: (count, most) => `${count} von höchstens ${most}`,
  feeds: 'Aktuell gehaltene Chroniken',
  entries: 'Aufbewahrte Beiträge',
  files: 'Aufbewahrte Dateiteile',
  connected: 'Verbundene Geräte',
  uptime: 'Läuft seit',
  version: 'Version',
  withSize: (count, size) => `${count} (${size})`,
  servicesTitle: 'Was er für seine Leute tut',
  keepsDrops: (days) =>
    `Er bewahrt Nachrichten auf, die für sie hinterlegt werden, solange sie nicht da sind, bis zu ${days} lang. Lesen kann er sie nicht.`,
  keepsLeases: (size, days) =>
    `Er sagt zu, aufzubewahren, worum sie ihn bitten: bis zu ${size} für jede Person, bis zu ${days} am Stück. Ihre Geräte prüfen das nach.`,
  termsTitle: 'Worum dieser Hub dich bittet',
  contactTitle: 'Wer ihn betreibt',
  reload: 'Neu laden',
  honestyTitle: 'Was ein Hub weiß',
  honesty:
    'Ein Hub kann nichts fälschen und lässt sich jederzeit ersetzen. Er sieht aber, welche Geräte sich mit ihm verbinden und wessen Beiträgen sie folgen.',
  notFoundTitle: 'Hier ist nichts',
  notFound: 'Diese Adresse führt auf diesem Hub nirgendwohin. Ist sie richtig geschrieben?',
  notAllowedTitle: 'Nur zum Lesen',
  notAllowed: 'Die Seiten dieses Hubs lassen sich lesen; schicken lässt sich ihnen nichts.',
  notReadyTitle: 'Gerade nicht',
  notReady: 'Der Hub kommt nicht an seine Daten oder hält gerade an. Versuche es gleich noch einmal.',
  home: 'Zur Seite dieses Hubs',
  adminTitle: 'Verwaltung dieses Hubs',
  adminText:
    'Dieser Link öffnet die Verwaltung ein einziges Mal, in den zehn Minuten nach seiner Entstehung, und diese Seite verbraucht ihn nicht. Auf einem Rechner mit dem Programm des Hubs: hub admin --link, dahinter der ganze Link. Die Seiten kommen mit der Effigy-App.',
}

export type Language = 'en' | 'de'

/** The first one is for browsers that read neither. */
export const languages: readonly ['en', 'de'] = ['en', 'de']

export const strings: Readonly<Record<Language, Strings>> = { en: english, de: german }
