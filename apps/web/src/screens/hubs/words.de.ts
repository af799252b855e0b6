import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Hubs',
  intro:
    'Ein Hub bewahrt auf, was du geschrieben hast, und bringt es deinen Freunden, während deine Geräte aus sind. Was du vertraulich sagst, kann er nicht lesen.',
  introNone:
    'Du nutzt noch keinen Hub. Ein Hub bewahrt auf, was du geschrieben hast, und bringt es deinen Freunden, während deine Geräte aus sind. Was du vertraulich sagst, kann er nicht lesen.',
  connected: 'Verbunden',
  connecting: 'Verbindet…',
  away: 'Nicht verbunden',
  hasMine: 'Er hat alles, was du auf diesem Gerät geschrieben hast.',
  keepsNothing:
    'Er bewahrt nichts auf, was du auf diesem Gerät geschrieben hast. Vielleicht brauchst du eine Einladung, oder dein Platz dort ist aufgebraucht.',
  lacksMine: 'Er bekommt gerade noch, was du auf diesem Gerät geschrieben hast.',
  contact: 'Betrieben von <who/>',
  contactNone: 'Er sagt nicht, wer ihn betreibt.',
  open: 'Alle dürfen ihn nutzen.',
  invited: 'Nur wer eingeladen wurde, darf ihn nutzen.',
  drops_one: 'Bewahrt Nachrichten für Abwesende bis zu {{count}} Tag auf.',
  drops_other: 'Bewahrt Nachrichten für Abwesende bis zu {{count}} Tage auf.',
  dropsNone: 'Bewahrt keine Nachrichten für Abwesende auf.',
  terms: 'Worum er dich bittet',
  termsNone: 'Er bittet dich um nichts Besonderes.',
  termsMore: 'Alles lesen',
  termsLess: 'Weniger zeigen',
  use: '{{used}} von {{most}} genutzt',
  leave: 'Hub verlassen',
  leaveTitle: '{{name}} verlassen?',
  leaveText:
    'Deine Geräte bringen nichts mehr dorthin. Was er hat, behält er vielleicht noch eine Weile. Du kannst jederzeit zurückkommen.',
  leaveLast:
    'Das ist dein einziger Hub. Ohne einen sehen Freunde Neues von dir nur, während eure Geräte beide an sind. Was er hat, behält er vielleicht noch eine Weile.',
  left: 'Du hast {{name}} verlassen.',
  addTitle: 'Einen weiteren Hub nutzen',
  addText: 'Zwei sind besser als einer: Fällt einer aus, hat der andere noch alles.',
  addLabel: 'Seine Adresse oder eine Einladung',
  addLook: 'Ansehen',
  addKnown: 'Diesen nutzt du schon.',
  addNo: 'Nein, danke',
  addYes: 'Diesen Hub nutzen',
  added: 'Du nutzt jetzt diesen Hub.',
  leaveEarly:
    'Keiner deiner anderen Hubs hat schon alles, was du auf diesem Gerät geschrieben hast. Bis einer es hat, entgeht deinen Freunden vielleicht etwas, solange deine Geräte aus sind. Auf dem Hub, den du verlässt, bleibt es vielleicht noch eine Weile.',
  moveTitle: 'Zu einem anderen Hub umziehen',
  moveText: 'Niemand muss dir neu folgen: Deine Beiträge bleiben deine, und dein Profil sagt, wo du bist.',
  moveWhich: 'Welchen Hub verlässt du?',
  moveChoose: 'Wähle einen',
  movePromise:
    'Um zu sehen, wann wirklich alles dort ist, bitte {{host}}, eine Kopie zu versprechen, auch der Dateien.',
  moveFriends:
    'Freunde, die nur {{old}} nutzen, brauchen auch {{host}}, um zu sehen, was du als Nächstes schreibst. Sobald du gegangen bist, zeigt ihnen ein Hinweis auf deiner Seite den Weg.',
  moveFirst:
    'Nutze zuerst den neuen Hub: Gib oben seine Adresse oder eine Einladung ein. Hier siehst du dann, was er hat und wann du den alten verlassen kannst.',
  moveGets: '{{host}} bekommt, was du geschrieben hast…',
  moveHas: '{{host}} hat alles, was du auf diesem Gerät geschrieben hast.',
  moveAway: '{{host}} ist nicht verbunden. Es geht von selbst weiter, sobald er es ist.',
  moveFiles:
    'Bilder und Dateien kommen nach den Beiträgen, die sie nennen. Lass die App noch eine Weile offen, wenn du große geteilt hast.',
  moveDevices:
    'Öffne diese Seite auch auf deinen anderen Geräten: Was nur sie haben, ist hier nicht mitgezählt.',
  moveAlias: 'Freunde finden dich als {{alias}}. Dieser Name gehört dem Hub, den du verlässt.',
  moveAliasTake: 'Um {{alias}} bitten',
  moveAddress:
    'Diese App kommt von {{here}}, und was sie aufbewahrt, ist an diese Adresse gebunden. Um ohne sie weiterzumachen, öffne die App bei {{host}} und verbinde sie dort wie ein neues Telefon. Die App kommt dann von denen, die {{host}} betreiben: tu das nur, wenn du ihnen vertraust.',
  moveOn: 'Bei {{host}} weitermachen',
  moveLeave: '{{host}} verlassen',
}
