/**
 * The second of two weeks in Ferrywell.
 *
 * @module
 */
import type { Post } from './told.ts'

export const secondWeek: readonly Post[] = [
  {
    id: 'market',
    by: 'rosa',
    at: [7, '06:05'],
    text: 'Market tomorrow! A question for everyone with a mouth: **plum cake** or **walnut bread**? React with 🟣 or 🌰 and I will bake what wins. No lobbying, Bram.\n\n#market',
    likes: '🟣 ada noor olek hana layla meg, 🌰 bram pilar teo ivo',
    replies: [
      {
        by: 'bram',
        after: 12,
        text: 'Walnut. I am not lobbying, I am *stating*.',
        likes: '🌰 pilar, 😂 rosa',
      },
      {
        by: 'noor',
        after: 20,
        text: 'plum! also is reacting twice allowed',
        replies: [{ by: 'rosa', after: 3, text: 'No, and I saw you try.', likes: '😂 meg ada' }],
      },
      {
        by: 'rosa',
        after: 720,
        text: 'Plum it is, six to four. There will be one small walnut loaf under the counter for a certain gardener.',
        likes: '❤️ bram ada, 🟣 noor',
      },
    ],
  },
  {
    id: 'book',
    by: 'meg',
    at: [6, '19:30'],
    cw: 'The end of this week’s book',
    text: 'So it WAS the lighthouse keeper’s sister, and the letters were never sent, and I cried on the 18:10 bus. Discuss on Thursday. Biscuits: Hana.\n\n#books',
    likes: '😭 ada hana, 📚 yusuf olek',
    replies: [
      { by: 'hana', after: 14, text: 'I knew from the chapter with the gloves. Biscuits noted.' },
      {
        by: 'yusuf',
        after: 33,
        text: 'I am on page forty and have read nothing of this. My eyes were closed.',
        likes: '😂 meg hana',
      },
    ],
  },
  {
    id: 'book-date',
    by: 'meg',
    at: [6, '20:05'],
    text: 'Book group is on Friday this week, seven o’clock, my kitchen.',
    edited: {
      after: 26,
      text: 'Book group is on **Thursday** as always, seven o’clock, my kitchen. (I wrote Friday. I teach children to read calendars.)',
    },
    likes: '😂 hana ada, ✅ yusuf olek',
  },
  {
    by: 'yusuf',
    at: [6, '18:20'],
    text: 'Harbour, ten minutes after everyone went in for supper.\n\n#harbour',
    picture: {
      scene: 'harbour',
      seed: '4',
      alt: 'The harbour houses at dusk, windows lit, mirrored in the water',
    },
    likes: '❤️ rosa teo ada hana noor olek layla, 🌆 pilar bram',
    replies: [
      {
        by: 'olek',
        after: 22,
        text: 'My window is the third from the left. I did not know that it looks like home from outside.',
        likes: '❤️ yusuf rosa ada meg teo hana',
      },
      {
        by: 'teo',
        after: 40,
        text: 'It looks like home from the water too. That is how we steered.',
        likes: '❤️ olek yusuf pilar',
      },
    ],
  },
  {
    id: 'meteors',
    by: 'noor',
    at: [5, '17:10'],
    text: 'ok so!! tonight after eleven, **meteors**, up to thirty an hour if the clouds behave. meeting at the meadow gate. bring blankets. no torches or i will sigh at you\n\n#sky',
    likes: '🌠 yusuf meg ada olek hana, 🔭 teo layla',
    replies: [
      {
        by: 'layla',
        after: 15,
        text: 'Walk on the left side of the meadow please: the hives sleep on the right. 🐝',
        likes: '🐝 noor meg',
      },
      {
        by: 'bram',
        after: 28,
        text: 'Can one bring a thermos?',
        replies: [{ by: 'noor', after: 2, text: 'one MUST bring a thermos', likes: '☕ bram ivo' }],
      },
      {
        by: 'noor',
        after: 445,
        text: 'forty-three!!! and one with a tail that stayed. @Yusuf got it, I am never sleeping again',
        picture: {
          scene: 'night',
          seed: 'perseid',
          alt: 'A shooting star over dark fir trees, and thousands of stars',
        },
        likes: '🌠 yusuf meg ada olek hana rosa teo layla pilar, ❤️ bram',
        replies: [
          {
            by: 'teo',
            after: 380,
            text: 'I wished for something. I will not say what, but it rhymes with “walnut bread”.',
            likes: '😂 rosa noor, 🌰 bram',
          },
          {
            by: 'meg',
            after: 400,
            text: 'Noor, you have a chemistry test in two hours.',
            likes: '😂 ada hana',
            replies: [
              {
                by: 'noor',
                after: 30,
                text: 'the universe IS chemistry miss',
                likes: '😂 yusuf ivo pilar olek',
              },
            ],
          },
        ],
      },
    ],
  },
  {
    by: 'layla',
    at: [4, '10:35'],
    language: 'ar',
    text: 'نُحِبّ أن نقول إن النحل يعمل، لكنّي رأيت اليوم نحلة تجلس على زهرة عشر دقائق ولا تفعل شيئًا. كانت أجمل نحلة في المرج.\n\n#bees',
    picture: { scene: 'meadow', seed: 'hives', alt: 'مرج مزهر، وفيه أربع خلايا نحل ملوّنة تحت سماء صافية' },
    likes: '❤️ yusuf ada hana rosa, 🐝 noor meg bram',
    replies: [
      {
        by: 'ada',
        after: 18,
        text: 'I had this translated twice because I liked it so much: “She was the most beautiful bee in the meadow.” I am putting it on the clinic wall.',
        likes: '❤️ layla hana rosa',
      },
      { by: 'yusuf', after: 41, language: 'ar', text: 'هذه النحلة تعرف شيئًا نسيناه.', likes: '❤️ layla' },
    ],
  },
  {
    by: 'ivo',
    at: [4, '12:12'],
    text: 'Fixed the chapel organ’s bellows with an inner tube. If it plays in 26 inches, you know why.',
    likes: '😂 ada olek teo, 🎶 meg',
  },
  {
    by: 'olek',
    at: [4, '21:40'],
    text: 'First choir rehearsal. The window did rattle. There *was* soup. I walked home along the quay and was not new for a whole hour.\n\n#choir',
    likes: '❤️ ada rosa meg hana teo noor layla yusuf bram pilar ivo',
    replies: [
      {
        by: 'ada',
        after: 6,
        text: 'The sopranos have asked to be moved away from you. It is the highest praise they have.',
        likes: '😂 meg olek hana',
      },
      { by: 'rosa', after: 9, text: 'Same soup next week, then.', likes: '🍲 olek' },
    ],
  },
  {
    id: 'map',
    by: 'pilar',
    at: [3, '08:00'],
    text: 'For everyone who asks where the ferry goes now: I drew a map. The red line is the ferry. The rest is where you live.\n\n#ferry',
    picture: {
      scene: 'map',
      seed: '4',
      alt: 'A drawn map: houses along a lane, fir woods above, a pier, and a dashed red line out to sea',
    },
    likes: '❤️ meg noor olek, 🗺️ yusuf ada teo',
    replies: [
      {
        by: 'teo',
        after: 19,
        text: 'You left out the sandbank.',
        replies: [
          {
            by: 'pilar',
            after: 2,
            text: 'I left out *your* sandbank, Teo. Nobody else has ever hit it.',
            likes: '😂 ivo bram meg rosa, 🙄 teo',
          },
        ],
      },
    ],
  },
  {
    id: 'power',
    by: 'ada',
    at: [3, '20:15'],
    text: 'Power is out from Mill Lane to the pier. Clinic has the generator, tea, and chairs. If somebody near you lives alone, knock on the door.',
    likes: '❤️ rosa meg layla hana olek, 🕯️ teo bram noor yusuf pilar ivo',
    replies: [
      { by: 'ivo', after: 4, text: 'Bringing eleven bicycle lamps.', likes: '❤️ ada, 💡 noor' },
      {
        by: 'rosa',
        after: 7,
        text: 'The oven is wood, so the oven does not care. Warm rolls at the back door, take what you need.',
        likes: '❤️ ada meg olek teo hana bram',
      },
      {
        by: 'hana',
        after: 15,
        text: 'Knocked at number 9, 11 and 14. All fine; 14 is playing cards with candles and winning.',
        likes: '😂 ada, ❤️ meg',
      },
      { by: 'noor', after: 33, text: 'not to be that person but LOOK UP', likes: '🌌 yusuf meg olek teo' },
      {
        by: 'pilar',
        after: 95,
        text: 'It was the old transformer by the yard. Fixed. You are welcome. Bram held the ladder, very badly.',
        likes: '🎉 ada rosa ivo, 😂 bram meg',
      },
    ],
  },
  {
    id: 'bench-day',
    by: 'bram',
    at: [2, '10:30'],
    text: 'The bench arrived. It turns out that Pilar and I each ordered one. **There are two benches.** One faces the sea, one faces the square. Back to back. We have both been sitting here for an hour, not talking, very content.\n\n#bench',
    likes: '😂 ivo noor meg rosa hana, ❤️ ada teo yusuf olek layla',
    replies: [
      {
        by: 'pilar',
        after: 5,
        text: 'His is crooked.',
        likes: '😂 ivo teo',
        replies: [{ by: 'bram', after: 3, text: 'Hers is wet.', likes: '😂 meg noor ada' }],
      },
      {
        by: 'teo',
        after: 14,
        text: 'So you both backed down.',
        likes: '😂 noor rosa meg yusuf hana ivo, 🙄 pilar bram',
      },
      {
        by: 'meg',
        after: 30,
        text: 'The child who voted for “up” is lying across both of them.',
        likes: '⭐ noor ada olek teo rosa pilar',
      },
    ],
  },
  {
    by: 'hana',
    at: [2, '16:20'],
    text: 'To whoever leaves small stones on my windowsill, one every morning: I have glazed the first seven. Please collect them.\n\n#pots',
    likes: '❤️ ada noor olek meg layla, 👀 ivo',
    replies: [
      {
        by: 'olek',
        after: 160,
        text: 'Thank you. I will come on Sunday.',
        likes: '❤️ hana rosa ada, 👀 ivo noor meg',
      },
    ],
  },
  { by: 'ivo', at: [1, '08:30'], text: 'Morning! Kettle on. Radio on. Rain off.', likes: '☕ bram' },
  { by: 'ivo', at: [1, '09:15'], text: 'Update: rain on.', likes: '😂 pilar noor bram' },
  {
    by: 'ivo',
    at: [1, '10:02'],
    text: 'Update: rain in. Does anyone have a bucket?',
    likes: '😂 noor pilar',
    replies: [
      { by: 'hana', after: 3, text: 'I have forty. They are called vases.', likes: '😂 ivo meg rosa' },
      { by: 'pilar', after: 12, text: 'On my way with a ladder and an expression.', likes: '😂 ivo bram' },
    ],
  },
  {
    by: 'yusuf',
    at: [1, '17:45'],
    text: 'After the rain, from the chapel hill. Went up for the light and came down under an umbrella that @ليلى lent me.\n\n#hills',
    picture: {
      scene: 'hills',
      seed: '3',
      alt: 'Rows of misty hills with fir trees under an orange evening sky',
    },
    likes: '❤️ rosa hana ada noor teo, 🌄 olek meg pilar',
  },
  {
    id: 'today',
    by: 'rosa',
    at: [0, '02:10'],
    text: 'If you are new in Ferrywell: hello! Say something and somebody will answer; it is a small place. I am Rosa, the bread is on the left, and nobody minds questions.\n\n#welcome',
    likes: '❤️ ada meg olek teo hana layla, 👋 ivo bram noor',
    replies: [
      {
        by: 'olek',
        after: 12,
        text: 'It is true. I asked where the station is and was given a cake.',
        likes: '❤️ rosa ada',
      },
      { by: 'teo', after: 25, text: 'Welcome aboard. Mind the puns.', likes: '🙄 pilar meg, 😂 noor' },
    ],
  },
]
