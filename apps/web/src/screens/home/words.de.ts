import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const de: Translated<typeof words> = {
  title: 'Start',
  write: 'Etwas schreiben',
  emptyTitle: 'Deine erste Stunde',
  emptyTagTitle: 'Noch nichts',
  empty: 'Niemand, dem du folgst, hat bisher etwas geschrieben. Sag hallo, oder lade jemanden ein.',
  emptyTag: 'Darüber hat hier noch niemand geschrieben.',
  invite: 'Jemanden einladen',
  findPeople: 'Leute finden',
  useInvite: 'Eine Einladung benutzen',
  inviteLabel: 'Die Einladung, wie du sie bekommen hast',
  useIt: 'Benutzen',
  noInvite: 'Das ist keine Einladung. Füge den ganzen Link ein, wie du ihn bekommen hast.',
  closeSteps: 'Diese Schritte schließen',
  firstSteps: 'Du folgst noch niemandem. Was andere schreiben, steht dann hier. Vier Wege zum Anfang:',
  whose: 'Wessen Beiträge',
  friends: 'Freunde',
  hops: 'Auch deren Freunde',
  replies: 'Antworten zeigen',
  filters: 'Was gezeigt wird',
  allTags: 'Alles',
  readTo: 'Das Folgende hast du gelesen',
  hopsTitle: 'Freunde deiner Freunde',
  hopsText:
    'Dieses Gerät behält dann auch die neuesten Beiträge von bis zu 200 Menschen, denen deine Freunde folgen, ohne ihre Bilder. Sie erfahren davon nichts.',
  hopsOn: 'Dazuholen',
  hopsOff: 'Nicht mehr behalten',
}
