/**
 * What is not said to everybody: groups, letters; and the albums.
 *
 * @module
 */
import type { Album, Room, Talk } from './told.ts'

export const rooms: readonly Room[] = [
  {
    id: 'market-square',
    by: 'rosa',
    name: 'Market square',
    about: 'Who brings what on Saturday. Newcomers are put in here so that somebody feeds them.',
    members: ['teo', 'layla', 'ivo', 'hana', 'bram', 'meg', 'pilar', 'olek'],
    said: [
      { by: 'rosa', at: [8, '18:00'], text: 'Saturday list! I bring bread, rolls, and whichever cake wins.' },
      { by: 'layla', at: [8, '18:20'], text: 'Sixteen jars. Six are promised already, mostly to Yusuf.' },
      { by: 'bram', at: [8, '18:31'], text: 'Leeks. The slugs left the leeks.' },
      { by: 'hana', at: [8, '19:02'], text: 'Mugs, the ones with faces. And saucers, unbroken.' },
      { by: 'teo', at: [8, '19:15'], text: 'I bring atmosphere.' },
      {
        by: 'pilar',
        at: [8, '19:16'],
        text: 'Teo brings the folding tables. I have written it on his hand.',
      },
      {
        by: 'rosa',
        at: [6, '14:10'],
        text: 'Sold out by eleven, all of us. Tables back to Teo, please. Teo, tables back to the chapel.',
      },
      { by: 'olek', at: [6, '14:25'], text: 'Next time I could play a little? Quietly, near the leeks.' },
      { by: 'rosa', at: [6, '14:26'], text: 'Not quietly.' },
    ],
  },
  {
    id: 'choir-room',
    by: 'ada',
    name: 'Ferrywell choir',
    about: 'Wednesdays at eight. What is sung here stays here.',
    members: ['meg', 'hana', 'olek', 'rosa', 'teo'],
    said: [
      { by: 'ada', at: [4, '22:05'], text: 'Thank you all. Bar 34 was *alive* tonight.' },
      { by: 'meg', at: [4, '22:11'], text: 'Was that us or the organ? It hissed in three-four.' },
      { by: 'olek', at: [4, '22:14'], text: 'I will tune what the bicycle tube allows.' },
      { by: 'ada', at: [1, '12:00'], text: 'For next week please know the second verse **by heart**, Teo.' },
      { by: 'teo', at: [1, '12:20'], text: 'I know it by ear. The heart is busy.' },
    ],
  },
]

export const talks: readonly Talk[] = [
  {
    people: ['pilar', 'bram'],
    said: [
      {
        by: 'pilar',
        at: [9, '21:00'],
        text: 'If we both pay for half of a bench we get one bench and no peace.',
      },
      { by: 'bram', at: [9, '21:08'], text: 'If we each buy one we get two benches and somewhere to sit.' },
      { by: 'pilar', at: [9, '21:09'], text: 'Tell nobody that we agreed.' },
      { by: 'bram', at: [9, '21:10'], text: 'Agreed. I mean: never.' },
    ],
  },
  {
    people: ['rosa', 'ada', 'meg'],
    said: [
      { by: 'ada', at: [10, '22:30'], text: 'He is a real bass. I nearly cried into the hymn book.' },
      {
        by: 'rosa',
        at: [10, '22:34'],
        text: 'I will make the lentil one. Somebody has to tell him about the key to the side door.',
      },
      { by: 'meg', at: [10, '22:40'], text: 'I will. And about the step.' },
    ],
  },
]

const morning = (file: string, seed: string, alt: string): Album['pictures'][number] => ({
  ...{ scene: 'bay', seed, alt },
  file,
})

export const albums: readonly Album[] = [
  {
    by: 'yusuf',
    at: [2, '08:10'],
    name: 'Six mornings',
    alt: 'Six sunrises over the bay. Same place, same hour, six days. I changed nothing and it was never the same.',
    pictures: [
      morning('1 Monday, clear.jpg', 'monday', 'Clear sky, calm sea'),
      morning('2 Tuesday, haze.jpg', 'tuesday', 'Haze, pale light'),
      morning('3 Wednesday, after rain.jpg', 'wednesday', 'Washed sky after rain'),
      morning('4 Thursday, boats out.jpg', 'thursday', 'Boats leaving early'),
      morning('5 Friday, red.jpg', 'friday', 'Red sky'),
      morning('6 Saturday, market.jpg', 'saturday', 'Quiet before the market'),
    ],
  },
  {
    by: 'hana',
    at: [3, '15:00'],
    name: 'Out of the kiln',
    alt: 'The whole family, before they went to the market.',
    pictures: [
      { scene: 'mugs', seed: 'family', alt: 'Five mugs with faces', file: 'the family.jpg' },
      {
        scene: 'honey',
        seed: 'swap',
        alt: 'Jars of honey, swapped for mugs',
        file: 'what they were swapped for.jpg',
      },
    ],
  },
]
