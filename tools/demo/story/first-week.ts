/**
 * The first of two weeks in Ferrywell.
 *
 * @module
 */
import type { Post } from './told.ts'

export const firstWeek: readonly Post[] = [
  {
    id: 'hello',
    by: 'rosa',
    at: [13, '05:50'],
    text: 'Good morning, Ferrywell. The ovens are warm, Gerald has doubled overnight, and there are eleven loaves more than I have customers. Come early, come hungry.\n\n#bread',
    picture: {
      scene: 'loaf',
      seed: 'gerald',
      alt: 'A round dark loaf with five cuts, steaming on a wooden board',
    },
    likes: '❤️ ada meg teo, 🥖 ivo yusuf hana',
    replies: [
      {
        by: 'teo',
        after: 21,
        text: 'I asked Gerald how he was. He said he was on a roll.',
        likes: '😂 ada meg noor, 🙄 rosa',
        replies: [
          { by: 'rosa', after: 4, text: 'Teo. It is ten past six.' },
          {
            by: 'noor',
            after: 40,
            text: 'he has been saving that one since Tuesday, I heard him practise on the quay',
            likes: '😂 ivo pilar',
          },
        ],
      },
      {
        by: 'ada',
        after: 35,
        text: 'Two for the clinic please, one of them sliced. It was a *long* night: twins!',
        likes: '🎉 rosa meg layla hana bram',
      },
    ],
  },
  {
    by: 'ivo',
    at: [13, '08:12'],
    text: 'Workshop open. Kettle on. Two punctures, one existential crisis (a tandem).',
    likes: '😂 pilar noor',
    replies: [
      {
        by: 'pilar',
        after: 9,
        text: 'A tandem is only a bicycle that could not decide.',
        likes: '😂 ivo teo',
      },
    ],
  },
  {
    by: 'ivo',
    at: [13, '09:40'],
    text: 'Whoever left a single glove on my bench: it is a good glove. I have grown attached to it.',
    likes: '🧤 meg',
  },
  {
    by: 'ivo',
    at: [13, '11:05'],
    text: 'The glove is @Meg’s. We have said goodbye.',
    likes: '😢 noor, 😂 meg rosa',
  },
  {
    id: 'bench',
    by: 'pilar',
    at: [12, '09:30'],
    text: 'The new harbour bench comes on Saturday week. I say it faces **the sea**. A bench that turns its back to the sea is a chair with bad manners.\n\n#bench',
    picture: {
      scene: 'bench',
      seed: 'old bench',
      alt: 'The old wooden bench by the water, with a gull standing on its back',
    },
    likes: '🌊 teo yusuf noor, 🤔 meg',
    replies: [
      {
        by: 'bram',
        after: 14,
        text: 'And I say it faces **the square**. The sea will be there tomorrow; the people will not. You sit on a bench to be found.',
        likes: '👏 meg ada, 🙄 pilar',
        replies: [
          {
            by: 'pilar',
            after: 6,
            text: 'If I want to be found I stay in the boatyard, where people find me *all day long*.',
            likes: '😂 ivo teo',
          },
          {
            by: 'meg',
            after: 20,
            text: 'My class voted. Nineteen for the sea, four for the square, and one for “up”.',
            likes: '⭐ noor, 😂 ada rosa hana',
            replies: [
              {
                by: 'noor',
                after: 5,
                text: 'I would like to meet the child who voted for up',
                likes: '⭐ meg',
              },
            ],
          },
        ],
      },
      {
        by: 'teo',
        after: 48,
        text: 'In forty-one years I sat facing the sea and I can report: it did nothing surprising. But it did it beautifully.',
        likes: '❤️ yusuf ada rosa hana, 🌊 pilar',
      },
      {
        by: 'ivo',
        after: 90,
        text: 'Proposal: a bench on wheels. I have wheels.',
        likes: '😂 pilar bram meg, 🛞 noor',
        replies: [
          { by: 'bram', after: 3, text: 'Ivo, no.' },
          { by: 'pilar', after: 4, text: 'For once I agree with Bram.', likes: '🎉 rosa teo ada' },
        ],
      },
    ],
  },
  {
    id: 'honey',
    by: 'layla',
    at: [12, '12:20'],
    language: 'ar',
    text: 'أوّل عسل هذا الموسم! لونه من زهر الزعتر، وطعمه من صبر النحل. سأحضر ستّ عشرة جرّة إلى سوق السبت.\n\n#honey',
    picture: { scene: 'honey', seed: 'thyme', alt: 'ثلاث جرار من العسل الذهبيّ على طاولة خشبية' },
    likes: '🍯 rosa ada teo hana, ❤️ meg yusuf',
    replies: [
      {
        by: 'yusuf',
        after: 16,
        language: 'ar',
        text: 'احجزي لي جرّتين يا @ليلى، واحدة للبيت وواحدة للطريق من السوق إلى البيت.',
        likes: '😂 layla',
      },
      {
        by: 'rosa',
        after: 25,
        text: 'Put four aside for the honey cake, @ليلى, and tell your bees that Gerald sends his regards.',
        replies: [
          {
            by: 'layla',
            after: 12,
            text: 'The bees say: Gerald smells suspicious, but they like the baker. 🐝',
            likes: '😂 rosa teo meg ada',
          },
        ],
      },
    ],
  },
  {
    by: 'ivo',
    at: [12, '17:55'],
    text: 'Today’s count: 7 punctures, 2 radios, 1 toaster that only toasts the left side. I call it a politician.',
    likes: '😂 pilar bram',
  },
  {
    id: 'slugs',
    by: 'bram',
    at: [11, '07:20'],
    text: 'Slugs 14, lettuces 0. I have tried beer, ash, copper, and stern words. Advice welcome, jokes not.\n\n#garden',
    likes: '🐌 ivo noor, 😢 layla',
    replies: [
      { by: 'teo', after: 2, text: 'Sounds like a sluggish start.', likes: '😂 ivo noor pilar meg, 🙄 bram' },
      {
        by: 'hana',
        after: 33,
        text: 'I have a box of broken saucers. Slugs dislike sharp edges, and I dislike throwing pots away. Come by?',
        likes: '❤️ bram layla',
        replies: [
          { by: 'bram', after: 8, text: 'This is the kindest thing anybody has said to me about slugs.' },
        ],
      },
      {
        by: 'noor',
        after: 60,
        text: 'hedgehog. get a hedgehog. we could call him the Mayor',
        likes: '🦔 meg ada ivo rosa layla',
      },
    ],
  },
  {
    id: 'mornings',
    by: 'yusuf',
    at: [11, '07:48'],
    text: 'The bay, 7:31. Nobody about but a heron, who pretended not to know me.\n\n#mornings',
    picture: { scene: 'bay', seed: 'heron', alt: 'Sunrise over the bay, with sailing boats on still water' },
    likes: '❤️ rosa ada hana noor layla, 🌅 teo pilar',
    replies: [
      { by: 'teo', after: 30, text: 'That is Fredrik. He pretends with everyone.', likes: '😂 yusuf noor' },
    ],
  },
  {
    by: 'ivo',
    at: [11, '13:30'],
    text: 'Grumpy today. The whole parts order was wrong and I blame everyone equally, the postman above all.',
    erasedAfter: 95,
  },
  {
    by: 'ivo',
    at: [11, '16:02'],
    text: 'Deleted something grumpy. The postman brought biscuits. I am a changed man.',
    likes: '🍪 rosa meg ada, 😂 pilar',
  },
  {
    id: 'choir',
    by: 'ada',
    at: [10, '18:10'],
    text: 'Choir on Wednesday, eight o’clock, chapel. We have nine sopranos, five altos, two tenors and **no bass at all**. If you have ever been told to speak up, this is not for you. If you have ever made a window rattle: come.\n\n#choir',
    likes: '🎶 meg hana rosa, 🙋 layla',
    replies: [
      { by: 'teo', after: 15, text: 'I can do low, but only the one note.', likes: '😂 ada meg' },
      {
        by: 'olek',
        after: 140,
        text: 'I sing bass. I did not want to say it because I am new. Is it far from the station?',
        likes: '❤️ ada meg rosa hana noor teo layla, 🎉 ivo',
        replies: [
          {
            by: 'ada',
            after: 3,
            text: '@Olek I am fetching you MYSELF. With the bell.',
            likes: '🔔 ivo meg, ❤️ olek',
          },
          {
            by: 'rosa',
            after: 11,
            text: 'There is soup afterwards. Nobody tells newcomers about the soup; I am telling you.',
            likes: '🍲 olek ada',
          },
        ],
      },
    ],
  },
  {
    id: 'cat-lost',
    by: 'meg',
    at: [9, '16:40'],
    text: 'Has anyone seen **Admiral**? Large, orange, arrogant, answers to nothing. Missing since breakfast. Please look in your sheds.\n\n#admiral',
    likes: '😢 ada noor layla hana',
    replies: [
      { by: 'bram', after: 7, text: 'Not in the shed. Did find my other boot.' },
      {
        by: 'ivo',
        after: 12,
        text: 'Not in the workshop. Looked inside everything, including a kettle.',
        likes: '😂 noor',
      },
      {
        by: 'noor',
        after: 55,
        text: 'checked the church tower. no cat. very good view of jupiter later though',
        likes: '🔭 yusuf',
      },
      {
        id: 'cat-found',
        by: 'rosa',
        after: 82,
        text: 'FOUND. In the flour bin. He has been in there since the morning delivery and he is *not sorry*.',
        picture: {
          scene: 'cat',
          seed: 'admiral',
          alt: 'A floury orange cat looking out of a flour bin, pleased with himself',
        },
        likes: '😂 ada ivo noor teo hana pilar bram yusuf layla, ❤️ meg olek',
        replies: [
          {
            by: 'meg',
            after: 2,
            text: 'ADMIRAL. I am coming with a towel. I will pay for the flour.',
            likes: '❤️ rosa',
          },
          {
            by: 'teo',
            after: 5,
            text: 'He must have kneaded a rest.',
            likes: '😂 meg noor ada, 🙄 rosa pilar',
          },
          {
            by: 'pilar',
            after: 9,
            text: 'This is the best thing that has happened this month and I include the new winch.',
            likes: '😂 ivo bram',
          },
        ],
      },
    ],
  },
  {
    by: 'hana',
    at: [8, '11:15'],
    text: 'Opened the kiln. Glaze number four decided to be green instead of blue. I wanted to be cross, and then one of the mugs looked at me.\n\n#pots',
    picture: {
      scene: 'mugs',
      seed: 'faces',
      alt: 'Five glazed mugs in a row, each with another face: happy, surprised, asleep, sad, content',
    },
    likes: '❤️ rosa meg noor ada olek, 😂 ivo teo',
    replies: [
      { by: 'noor', after: 10, text: 'the green one is me before school', likes: '😂 meg hana' },
      {
        by: 'meg',
        after: 18,
        text: 'I need the sleepy one for the staff room.',
        replies: [{ by: 'hana', after: 6, text: 'It is yours. It would only fall asleep here.' }],
      },
    ],
  },
  {
    by: 'ivo',
    at: [8, '14:44'],
    text: 'A customer asked whether I repair hearts. I said only if they have a standard thread.',
    likes: '😂 pilar ada, ❤️ olek',
  },
]
