/**
 * What goes on in Ferrywell while somebody looks around, in this order and then from the start; and what they are told.
 *
 * @module
 */
import type { PersonKey } from '../people.ts'
import type { Told } from './told.ts'

/** `after` of a reply counts acts here: so many others come between. */
export const later: readonly Told[] = [
  {
    by: 'ivo',
    text: 'Kettle number nine has been repaired. It now whistles in tune, which was not the plan.',
    likes: '🎶 ada olek, 😂 noor',
    replies: [
      { by: 'olek', after: 1, text: 'It is a B flat. We could use it on Wednesday.', likes: '😂 ada meg' },
    ],
  },
  {
    by: 'teo',
    text: 'Two herons on the pier today. I did not interrupt. It looked like a first date.',
    likes: '😂 meg hana, ❤️ yusuf',
    replies: [{ by: 'yusuf', after: 1, text: 'Fredrik has someone?', likes: '😂 teo noor' }],
  },
  {
    by: 'layla',
    language: 'ar',
    text: 'المطر توقّف، والنحل خرج ليتفقّد المرج كأنّه صاحب البيت.',
    likes: '🐝 bram meg, ❤️ ada',
  },
  {
    by: 'noor',
    text: 'saturn tonight, low over the chapel. you can see the rings with bram’s bird binoculars if you hold your breath',
    likes: '🪐 meg yusuf olek',
    replies: [
      { by: 'bram', after: 1, text: 'So that is where the binoculars went.', likes: '😂 noor pilar' },
    ],
  },
  {
    by: 'rosa',
    text: 'One tray of cinnamon knots came out shaped like question marks. Half price, all answers included.',
    likes: '🥨 ada ivo teo, 😂 hana',
    replies: [{ by: 'teo', after: 1, text: 'Knot bad.', likes: '🙄 rosa pilar' }],
  },
  {
    by: 'bram',
    text: 'The hedgehog has moved in. He ignored the house that I built and lives under the house that I did not build.',
    likes: '🦔 noor meg ada layla, ❤️ hana',
    replies: [{ by: 'noor', after: 1, text: 'ALL HAIL THE MAYOR', likes: '🦔 meg ivo bram' }],
  },
  {
    by: 'hana',
    text: 'It is Sunday somewhere. The stones have been collected.',
    likes: '👀 ivo noor meg, ❤️ ada rosa',
  },
  {
    by: 'pilar',
    text: 'Whoever parked a boat in front of the slipway: I have moved it. Whoever owns a boat in the reeds: see above.',
    likes: '😂 ivo bram teo',
    replies: [{ by: 'ivo', after: 1, text: 'Asking for a friend: which reeds?', likes: '😂 pilar noor' }],
  },
  {
    by: 'meg',
    text: 'Today in class: “What do fish drink?” I said I would find out. I have not found out. Help.',
    likes: '🐟 noor layla, 😂 ada',
    replies: [
      { by: 'teo', after: 1, text: 'Depends who is buying.', likes: '😂 meg ivo hana' },
      {
        by: 'noor',
        after: 1,
        text: 'sea fish drink the sea actually!! river fish hardly drink at all',
        likes: '⭐ meg yusuf',
      },
    ],
  },
  {
    by: 'ada',
    text: 'Number 215. A girl. She has opinions already.',
    likes: '🎉 rosa meg layla hana teo, ❤️ olek noor bram',
  },
  {
    by: 'olek',
    text: 'Tuned the school piano. There was a marble in it, a spoon, and a letter from 1987. I put the letter back.',
    likes: '❤️ meg hana yusuf rosa, 👀 noor',
  },
  {
    by: 'yusuf',
    text: 'Ten minutes of good light, nine of them spent looking for the lens cap.',
    likes: '😂 hana ivo, 📷 noor',
  },
  {
    by: 'ivo',
    text: 'Question for the village: is a wheelbarrow a vehicle?',
    likes: '🤔 bram meg',
    replies: [
      { by: 'pilar', after: 1, text: 'What did you do.', likes: '😂 bram rosa noor' },
      { by: 'ivo', after: 1, text: 'It has gears now.', likes: '😂 pilar noor teo, 🎉 bram' },
    ],
  },
  {
    by: 'layla',
    text: 'A bee followed me into the post office and waited in the queue. I let her go first.',
    likes: '😂 ada teo, 🐝 noor rosa',
  },
]

/** Into the inbox of whoever follows them, from the one who invited. */
export const welcome: readonly string[] = [
  'Hello, and welcome to Ferrywell! I am Rosa, I bake the bread. I have put you into the group “Market square”, because that is how one gets fed around here.',
  'Look around as long as you like: “Their friends too” on Home shows the whole village. Follow whom you like, answer anybody. Only you and I can read this letter, by the way, not even the hub that carries it.',
]

/** From others who are followed, now and then. */
export const greetings: ReadonlyMap<PersonKey, string> = new Map([
  [
    'teo',
    'Ahoy! New face on the quay. Do you like puns? You do not have to answer. You will hear them either way.',
  ],
  [
    'layla',
    'أهلًا وسهلًا! Welcome. If you hear humming behind you in the meadow, just keep walking slowly. They are only curious.',
  ],
  ['ivo', 'Hey, welcome! If anything of yours rattles, squeaks or sulks, bring it by.'],
  ['ada', 'Welcome, welcome! Important question: what is the lowest note that you can sing?'],
  ['noor', 'hi!! do you own a telescope or know someone who owns a telescope'],
])

/** To the first things that a newcomer says to everybody. */
export const answers: readonly { readonly by: PersonKey; readonly text: string }[] = [
  { by: 'rosa', text: 'There you are! Welcome. First loaf is on the house.' },
  { by: 'teo', text: 'A fine first wave. Welcome aboard.' },
  { by: 'ivo', text: 'Hello hello! Kettle is on, door is open.' },
  { by: 'layla', text: 'أهلًا بك! Welcome among us.' },
  { by: 'meg', text: 'Welcome! We were just talking about you. Nicely!' },
  { by: 'ada', text: 'So good to hear a new voice. Speaking of voices: choir, Wednesday, eight.' },
]

/** To a letter, one after the other; then they have to work. */
export const replies: readonly string[] = [
  'How good to hear from you! I read this with flour, oil or honey on my hands, so forgive the stains.',
  'I told the others, and they all want to meet you. Come to the market on Saturday?',
  'I have to get back to work, but I keep this one. Talk soon!',
]

/** In a group, when a newcomer says something there. */
export const groupAnswers: readonly { readonly by: PersonKey; readonly text: string }[] = [
  { by: 'rosa', text: 'Everyone, make room at the table!' },
  { by: 'teo', text: 'I bring an extra chair. Written on my other hand.' },
  { by: 'bram', text: 'Do you take leeks? Say yes.' },
]
