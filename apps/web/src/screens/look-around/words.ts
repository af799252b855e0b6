import { defineWords } from '../../words/define.ts'

/** What stands around it comes first; behind it the people who were made up, and all that they say. */
export const words = defineWords('screens/look-around', {
  title: 'Look around',
  about:
    'These five people are made up. This is how it feels once you follow a few. Nothing here leaves this device.',
  home: 'Back to your own place',
  sign: 'All made up',
  people: 'Who is here',
  notHere: 'This is only to look around. Write your own at Home.',
  answerHere: 'This is where you would answer.',
  endTitle: 'And now your own',
  endText: 'Your own place fills with what your friends write. It begins with one of them.',
  invite: 'Invite a friend',

  mira: 'Mira Holt',
  miraAbout: 'A garden behind the railway, and never enough windowsills. I swap plants for nearly anything.',
  tom: 'Tom Baxter',
  tomAbout: 'I mend bicycles in the shed behind the fire station. Saturdays from ten.',
  ana: 'Ana Ribeiro',
  anaAbout: 'Teacher by day. In the evening I lead a choir that sings better than it says.',
  yusuf: 'Yusuf Demir',
  yusufAbout: 'I walk home by the lake, with a camera. Films, mostly old ones.',
  edith: 'Edith Lund',
  edithAbout: '77, cake on Sundays. My grandson put this on my telephone.',

  choir:
    'Choir tonight at seven, in the old fire station. We are short of **anybody who can hold a low note**. Bring a mug. #choir',
  choirYes: 'I can hold one, if nobody asks for a second.',
  lake: 'The lake last night, on the way home. I stood there until the mosquitoes won.',
  lakeAlt: 'A lake at sunset: a small sailing boat in front of dark hills, the sun half gone',
  seedlings: 'I sowed forty tomatoes. **All forty came up.** Who has a windowsill to spare? #garden',
  seedlingsAlt: 'Five clay pots on a sunny windowsill, a small green plant in each',
  two: 'Two for me, please. My balcony has the sun from noon on.',
  three: 'Three, if you bring them over. There will be cake.',
  four: '@{{edith}} Then I am bringing four.',
  cactus: 'How many are left? I ask as somebody who has never kept a cactus alive.',
  horst: 'Thirty-four. Take this one: he is called Horst, and he forgives everything.',
  mended: 'Mine took him as long as it took me to say what was wrong with it. Go there.',
  shed: 'If your bicycle squeaks: the shed is open on Saturday, from ten. Coffee costs nothing, brake cables cost what they cost me.',
  plums:
    'My grandson says that one writes here what one would say over the fence. Well then: the plums are ripe, and I cannot reach them. #garden',
  ladder: 'I have a ladder. Sunday?',
  sunday: 'Sunday. There will be cake.',
  filmWarning: 'How last Friday’s film ends',
  film: 'The dog lives. Now you can watch it in peace.',
  cake: '77 candles did not fit, so @{{edith}} blew out seven of them and had us count each one eleven times.',
  cakeAlt: 'A cake with white icing and seven burning candles, in a dark room',
  swap: 'For the swap on Saturday I have:\n\n- sage, two kinds\n- leeks, as thin as pencils\n- far too much mint\n\nI am looking for anything that snails do not like. #garden',
})
