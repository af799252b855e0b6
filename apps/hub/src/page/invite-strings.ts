/**
 * Every word of the page of an invite, a catalogue a language.
 *
 * @module
 */
import type { Language } from './strings.ts'

/** A text with a place in it for what is written in later. */
export type Around = readonly [before: string, after: string]

export interface InviteStrings {
  readonly title: Around
  readonly named: Around
  readonly somebody: string
  readonly what: readonly string[]
  readonly until: Around
  readonly noScript: string
  readonly missing: string
  readonly linkCode: string
  readonly broken: string
  readonly foreign: string
  readonly forged: string
  readonly expired: string
  readonly checked: string
  readonly unchecked: string
  readonly insecure: string
  readonly goOnTitle: string
  readonly open: string
  readonly openHelp: string
  readonly computerTitle: string
  readonly computer: string
  readonly phoneTitle: string
  readonly phoneWithApp: string
  readonly phoneWithoutApp: string
  readonly linkTitle: string
  readonly linkHelp: string
  readonly copyLink: string
  readonly copyCommand: string
  readonly copied: string
  readonly notCopied: string
  readonly hubTitle: string
  readonly hub: string
  readonly aboutHub: string
}

const english: InviteStrings = {
  title: ['An invite to ', ''],
  named: ['', ' would like to have you here.'],
  somebody: 'Somebody would like to have you here, and gave no name.',
  what: [
    'Effigy keeps what you write and the people you follow on your own devices. No company stands between you and your friends.',
    'A hub like this one keeps things online while those devices are off. With this invite it will do that for you, too.',
  ],
  until: ['Good until ', '.'],
  noScript:
    'This page cannot say who invites you, because scripts are off in this browser. The invite works all the same: copy the whole address of this page, with all that stands behind its #, and go on below.',
  missing:
    'There is no invite in this address: the part behind its # is missing. Open the whole link that you were sent.',
  linkCode:
    'This is no invite: it links a device to an account. Never use one that somebody sent you. To link a device of your own, go to Devices in Effigy.',
  broken: 'A part of this invite is missing or misspelled. Copy the whole link again, or ask for a new one.',
  foreign: 'This invite is for another hub, not for this one. Ask whoever sent it for the right link.',
  forged: 'Somebody altered this invite: it is not what its sender signed. Ask them for a new one.',
  expired: 'By the clock of this device it is too late for this invite. If it is refused, ask for a new one.',
  checked:
    'The invite is just as its sender signed it. Anybody may write any name, though: if in doubt, ask them.',
  unchecked: 'This browser cannot check who signed the invite. Effigy will, before it uses it.',
  insecure:
    'This page came over plain http. On a phone, or on any other device than the hub itself, browsers then give a page no keys and no storage, so Effigy cannot run in them from here. Ask whoever runs this hub for an address with https.',
  goOnTitle: 'Go on',
  open: 'Open Effigy',
  openHelp: 'It runs in this browser; nothing has to be installed. The invite comes with you.',
  computerTitle: 'For the command line',
  computer: 'If you use Effigy in a terminal, this lets you in:',
  phoneTitle: 'On a phone',
  phoneWithApp:
    'Open Effigy with the button above. Put it on your home screen from the menu of the browser, and it stays.',
  phoneWithoutApp:
    'This hub does not offer Effigy in the browser. Send the link to yourself and open it on a computer.',
  linkTitle: 'The link, for later or for another device',
  linkHelp: 'Whoever has it can use it, so keep it to yourself.',
  copyLink: 'Copy the link',
  copyCommand: 'Copy the command',
  copied: 'Copied.',
  notCopied: 'It could not be copied. Select the text instead.',
  hubTitle: 'What this hub will know',
  hub: 'Which of your devices connect to it, and whose posts you follow. It can forge nothing of yours, and you can leave it for another at any time. What stands behind the # of this address was not sent to it by opening this page.',
  aboutHub: 'More about this hub',
}

const german: InviteStrings = {
  title: ['Eine Einladung zu ', ''],
  named: ['', ' hätte dich gern hier.'],
  somebody: 'Jemand, der keinen Namen nennt, hätte dich gern hier.',
  what: [
    'Effigy hält, was du schreibst und wem du folgst, auf deinen eigenen Geräten. Keine Firma steht zwischen dir und deinen Freunden.',
    'Ein Hub wie dieser hält alles bereit, solange diese Geräte aus sind. Mit dieser Einladung tut er das auch für dich.',
  ],
  until: ['Gültig bis ', '.'],
  noScript:
    'Wer dich einlädt, kann diese Seite nicht sagen, weil Skripte in diesem Browser abgeschaltet sind. Die Einladung gilt trotzdem: Kopiere die ganze Adresse dieser Seite mit allem, was hinter ihrem # steht, und mache unten weiter.',
  missing:
    'In dieser Adresse steht keine Einladung: Der Teil hinter # fehlt. Öffne den ganzen Link, den du bekommen hast.',
  linkCode:
    'Das ist keine Einladung: Es verknüpft ein Gerät mit einem Konto. Benutze so etwas nie, wenn es dir jemand geschickt hat. Ein eigenes Gerät verknüpfst du in Effigy unter Geräte.',
  broken:
    'Ein Teil dieser Einladung fehlt oder ist verschrieben. Kopiere den ganzen Link noch einmal, oder bitte um einen neuen.',
  foreign:
    'Diese Einladung gilt für einen anderen Hub. Frage, wer sie geschickt hat, nach dem richtigen Link.',
  forged: 'Jemand hat diese Einladung verändert: So wurde sie nicht unterschrieben. Bitte um eine neue.',
  expired:
    'Nach der Uhr dieses Geräts ist es für diese Einladung zu spät. Wird sie abgelehnt, bitte um eine neue.',
  checked:
    'Die Einladung ist genau so, wie sie unterschrieben wurde. Einen Namen kann sich aber jeder ausdenken: Frage im Zweifel nach.',
  unchecked:
    'Dieser Browser kann nicht prüfen, wer die Einladung unterschrieben hat. Effigy tut es, bevor es sie benutzt.',
  insecure:
    'Diese Seite kam über einfaches http. Auf einem Telefon und auf jedem anderen Gerät als dem Hub selbst geben Browser einer Seite dann weder Schlüssel noch Speicher, und Effigy kann von hier aus nicht in ihnen laufen. Frage, wer diesen Hub betreibt, nach einer Adresse mit https.',
  goOnTitle: 'Weiter',
  open: 'Effigy öffnen',
  openHelp: 'Es läuft in diesem Browser, ohne dass etwas installiert wird. Die Einladung kommt mit.',
  computerTitle: 'Für die Kommandozeile',
  computer: 'Wenn du Effigy in einem Terminal benutzt, lässt dich dies herein:',
  phoneTitle: 'Auf einem Telefon',
  phoneWithApp:
    'Öffne Effigy mit dem Knopf oben. Lege es über das Menü des Browsers auf den Startbildschirm, dann bleibt es.',
  phoneWithoutApp:
    'Dieser Hub bietet Effigy nicht im Browser an. Schicke dir den Link selbst und öffne ihn an einem Rechner.',
  linkTitle: 'Der Link, für später oder ein anderes Gerät',
  linkHelp: 'Wer ihn hat, kann ihn benutzen: Behalte ihn für dich.',
  copyLink: 'Link kopieren',
  copyCommand: 'Befehl kopieren',
  copied: 'Kopiert.',
  notCopied: 'Es ließ sich nicht kopieren. Markiere stattdessen den Text.',
  hubTitle: 'Was dieser Hub erfährt',
  hub: 'Welche deiner Geräte sich mit ihm verbinden und wessen Beiträgen du folgst. Er kann nichts von dir fälschen, und du kannst jederzeit zu einem anderen gehen. Was hinter dem # dieser Adresse steht, hat er durch das Öffnen dieser Seite nicht bekommen.',
  aboutHub: 'Mehr über diesen Hub',
}

export const inviteStrings: Readonly<Record<Language, InviteStrings>> = { en: english, de: german }
