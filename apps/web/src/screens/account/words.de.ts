import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Mein Konto',
  cancel: 'Abbrechen',
  close: 'Schließen',
  words: 'Deine geheimen Wörter',
  wordsLead:
    'Sie bringen dein Konto zurück, wenn alle deine Geräte weg sind, und holen es von einem Dieb zurück. Schreib sie auf Papier und verwahre es gut.',
  wordsShow: 'Meine Wörter zeigen',
  wordsAlone: 'Sieh dich um: Niemand sonst sollte sie sehen.',
  wordsWritten: 'Ich habe sie aufgeschrieben',
  hide: 'Verbergen',
  print: 'Ausdrucken',
  printOwn: 'Drucke nur auf einem eigenen Drucker: Andere behalten vielleicht, was sie gedruckt haben.',
  sheetAccount: 'Konto:',
  sheetHub: 'Hub:',
  sheetDate: 'Gedruckt:',
  sheetRestore:
    'Um zurückzukommen, öffne die Seite deines Hubs in einem Browser, wähle „Ich war schon hier“, dann „Ich habe meine geheimen Wörter“. Gib dort alle ein, in dieser Reihenfolge.',
  sheetKeep: 'Wer dieses Blatt hat, kann das Konto nehmen. Verwahre es gut und zeig es niemandem.',
  wordsCheck: 'Gib drei davon ein, damit wir wissen, dass sie auf deinem Papier stehen.',
  wordNumber: 'Wort {{position}}',
  wordsConfirm: 'Das sind sie',
  wordsAgain: 'Noch einmal ansehen',
  wordsSafe: 'Du hast sie aufgeschrieben. Sie sind auf keinem Gerät mehr.',
  wordsElsewhere:
    'Sie wurden auf dem Gerät gezeigt, auf dem du angefangen hast, oder stehen auf deinem Papier.',
  friends: 'Freunde, die Teile verwahren',
  friendsLead:
    'Gib Freunden, denen du traust, Teile deiner Wörter. Einige zusammen bringen dein Konto zurück; einer allein kann nichts.',
  friendsChoose: 'Freunde wählen',
  friendsOthers: 'Andere wählen',
  friendsNeeded: '{{threshold}} von {{total}} Teilen bringen dein Konto zurück. Gegeben am {{date}}.',
  rehearse: 'Fragen, ob sie sie noch haben',
  rehearsed_holds: 'hat ihn',
  rehearsed_lacks: 'hat ihn nicht mehr',
  rehearsed_false: 'hat etwas anderes',
  rehearsed_asked: 'gefragt',
  rehearsed_away: 'nicht erreicht',
  friendsTooFew: 'Folge erst mindestens zwei Menschen, denen du das anvertrauen würdest.',
  friendsWho: 'Wer verwahrt einen Teil?',
  friendsWhoHelp: 'Menschen, die man anrufen kann und die sich nicht alle kennen.',
  friendsHowMany: 'Wie viele von ihnen braucht es?',
  friendsHowManyHelp:
    'Wenige sind schnell gefragt. Viele lassen sich schwerer hinter deinem Rücken überreden.',
  yourWords: 'Deine Wörter',
  friendsGive: 'Ihnen ihre Teile geben',
  held: 'Teile, die du für andere verwahrst',
  heldLead: 'Du kannst diesen Menschen in ihre Konten zurückhelfen. Selbst kommst du nicht hinein.',
  heldRelease: 'Nicht mehr verwahren',
  heldReleaseOf: 'Nicht mehr verwahren: den Teil von {{name}}',
  heldReleaseTitle: 'Den Teil von {{name}} nicht mehr verwahren?',
  heldReleaseText:
    'Du kannst dieser Person damit nicht mehr in ihr Konto zurückhelfen. Sag es ihr, damit sie jemand anderen wählen kann.',
  heldFull: 'Für diese Teile ist kein Platz',
  heldFullText:
    'Du verwahrst so viele, wie du kannst. Lass oben einen los, den niemand mehr braucht, und einer von diesen nimmt seinen Platz ein.',
  asksPart: '„{{name}}“ bittet um einen Teil',
  asksPartHelp:
    'Ruf den Menschen an, dem das Konto gehört, unter einer Nummer, die du kennst. Gib den Teil nur heraus, wenn er dir diese sechs Wörter vorliest:',
  byWords: 'Jemand liest dir sechs Wörter vor und steht nicht hier?',
  byWordsLabel: 'Die sechs Wörter, wie sie vorgelesen werden',
  byWordsNone:
    'Niemand fragt mit diesen Wörtern. Prüf jedes einzelne; vielleicht muss noch einmal gefragt werden.',
  byWordsLook: 'Suchen',
  whosePart: 'Wessen Konto ist es?',
  partGive: 'Ich habe dieselben Wörter gehört: geben',
  partDeny: 'Nein',
  files: 'Kopien für dich',
  filesLead: 'Dateien, die du aufhebst, wo du willst. Keine verlässt dieses Gerät von selbst.',
  filesNeed:
    'Eine Sicherung und eine Kopie von allem bewahren, was du geschrieben hast. In dein Konto kommst du damit allein nicht: dazu brauchst du auch deine Wörter oder ein anderes Gerät.',
  filesWordsFirst:
    'Deine Wörter hast du noch nicht aufgeschrieben. Tu das zuerst: Ohne sie bringt keine Datei dein Konto zurück.',
  backup: 'Sicherung speichern',
  backupPassphrase: 'Passwortsatz für die Datei',
  backupPassphraseHelp:
    'Mindestens 8 Zeichen. Vier ungewöhnliche Wörter sind gut. Ohne ihn öffnet niemand die Datei.',
  backupOthers: 'Mit dem, was die geschrieben haben, denen du folgst',
  backupSave: 'Speichern',
  backupMissing_one: '{{count}} Eintrag ist bekannt, aber nicht auf diesem Gerät',
  backupMissing_other: '{{count}} Einträge sind bekannt, aber nicht auf diesem Gerät',
  backupMissingText:
    'In der Datei fehlt das also. Es kommt von selbst, sobald ein Gerät, ein Hub oder jemand verbunden ist, der es hat: Speichere dann noch eine Sicherung.',
  readable: 'Meine Notizen zum Lesen speichern',
  bring: 'Von Mastodon mitbringen',
  copy: 'Alles von hier speichern',
  copyTitle: 'Alles von diesem Gerät in einer Datei',
  copyText:
    'Die Datei ist nicht verschlossen: Wer sie hat, liest alles, was du hier lesen kannst. Verwahre sie wie dieses Gerät. Um damit wieder in dein Konto zu kommen, brauchst du auch deine Wörter.',
  copySave: 'Trotzdem speichern',
  saving: 'Die Datei wird geschrieben …',
  saved: 'Gespeichert.',
  accounts: 'Konten in diesem Browser',
  accountsLead:
    'Mehrere Menschen können diesen Browser benutzen, oder du als mehrere. Sie wissen nichts voneinander.',
  nameless: 'Konto ohne Namen',
  open: 'Öffnen',
  another: 'Weiteres Konto',
  takeBack: 'Dein Konto zurückholen',
  takeBackLead:
    'Wenn ein Dieb dein Hauptgerät hat oder jemand deine Wörter sah: Mit den jetzigen Wörtern holst du das Konto hierher.',
  takeBackBegin: 'Es ist etwas passiert',
  takeBackText: 'Dieses Gerät wird das Hauptgerät. Das jetzige kann in deinem Namen nichts mehr sagen.',
  takeBackRenewText:
    'Dein Konto bekommt neue Wörter. Die jetzigen öffnen nichts mehr, auch nicht bei deinen Freunden.',
  takeBackNow: 'Zurückholen',
  takeBackAfter: 'Wer dir folgt, sieht, dass dein Konto umgezogen ist, und folgt weiter.',
  newWords: 'Mit neuen Wörtern',
  newWordsHelp: 'Du schreibst sie gleich danach auf. Freunde, die Teile verwahren, bekommen dann neue.',
  lastWell: 'Wann war sicher noch alles gut?',
  lastWellHelp: 'Was das verlorene Gerät danach sagte, zählt nicht. Lass es leer, wenn du es nicht weißt.',
  end: 'Für immer gehen',
  endLead:
    'Alle werden gebeten zu entfernen, was du geschrieben hast, und alles, was dir gehört, verschwindet aus diesem Browser. Wer etwas kopiert hat, behält es.',
  delete: 'Alles löschen',
  deleteText:
    'Deine Notizen, Bilder und dein Name verschwinden von hier, von deinen Hubs und bei allen, die dir folgen, sobald sie davon hören. Niemand kann es zurückholen.',
  deleteKeptOut_one:
    '{{label}} ist keines deiner Geräte mehr, und {{count}} Eintrag davon wird hier nicht angenommen: Er bleibt bei anderen. Soll auch er weg, lass ihn zuerst herein, unter „Geräte“.',
  deleteKeptOut_other:
    '{{label}} ist keines deiner Geräte mehr, und {{count}} Einträge davon werden hier nicht angenommen: Sie bleiben bei anderen. Sollen auch sie weg, lass sie zuerst herein, unter „Geräte“.',
  deleteWord: 'löschen',
  eraseStay: 'Bleib hier, bis es getan ist.',
  eraseStopped: 'Es wurde nicht alles gelöscht.',
  eraseAgain: 'Was schon gelöscht ist, bleibt gelöscht. Drück für den Rest noch einmal auf „Alles löschen“.',
  erasing: 'Alle werden gebeten, es zu entfernen …',
  looking: 'Es wird nachgesehen, ob alles hier ist, was du geschrieben hast …',
  lacking: 'Noch nicht hier: {{missing}} von {{total}} Einträgen deiner anderen Geräte',
  lackingWait:
    'Nur was hier ist, kann gelöscht werden. Der Rest kommt von selbst von deinem Hub oder von einem Gerät, das ihn hat: Öffne deine anderen Geräte und lass diese Seite offen. Sobald alles hier ist, wird es gelöscht.',
  lackingComes: 'Der Rest wird geholt …',
  lackingElse:
    'Wenn du nicht wartest, bleiben diese bei anderen, bis ein anderes deiner Geräte, das sie hat, sie löscht: {{missing}}. Von hier aus kann das dann niemand mehr.',
  lackingAnyway: 'Nur löschen, was hier ist',
}
