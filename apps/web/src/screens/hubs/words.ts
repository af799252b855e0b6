import { defineWords } from '../../words/define.ts'

export const words = defineWords('screens/hubs', {
  title: 'Hubs',
  intro:
    'A hub keeps what you wrote and brings it to your friends while your devices are off. What you say in private it cannot read.',
  introNone:
    'You use no hub yet. A hub keeps what you wrote and brings it to your friends while your devices are off. What you say in private it cannot read.',
  connected: 'Connected',
  connecting: 'Connecting…',
  away: 'Not connected',
  hasMine: 'It has everything that you wrote on this device.',
  keepsNothing:
    'It keeps nothing that you wrote on this device. You may need an invite, or your room there is used up.',
  lacksMine: 'It is still getting what you wrote on this device.',
  contact: 'Run by <who/>',
  contactNone: 'It does not say who runs it.',
  open: 'Everybody may use it.',
  invited: 'Only who was invited may use it.',
  drops_one: 'Keeps messages for who is away for up to {{count}} day.',
  drops_other: 'Keeps messages for who is away for up to {{count}} days.',
  dropsNone: 'Keeps no messages for who is away.',
  terms: 'What it asks of you',
  termsNone: 'It asks nothing special of you.',
  termsMore: 'Read all of it',
  termsLess: 'Show less',
  use: '{{used}} of {{most}} used',
  leave: 'Leave this hub',
  leaveTitle: 'Leave {{name}}?',
  leaveText:
    'Your devices no longer bring anything there. What it has it may keep for a while. You can come back at any time.',
  leaveLast:
    'This is your only hub. Without one, friends see new things from you only while both of your devices are on. What it has it may keep for a while.',
  left: 'You left {{name}}.',
  addTitle: 'Use another hub',
  addText: 'Two are better than one: if one is gone, the other still has everything.',
  addLabel: 'Its address, or an invite',
  addLook: 'Look at it',
  addKnown: 'You use this one already.',
  addNo: 'No, thanks',
  addYes: 'Use this hub',
  added: 'You use this hub now.',
  leaveEarly:
    'None of your other hubs has everything that you wrote on this device yet. Until one has, friends may miss things while your devices are off. On the hub you leave it may stay for a while.',
  moveTitle: 'Move to another hub',
  moveText: 'Nobody has to follow you anew: your posts stay yours, and your profile says where you are.',
  moveWhich: 'Which hub do you leave?',
  moveChoose: 'Choose one',
  movePromise: 'To see when all of it is really there, ask {{host}} to promise a copy, files too.',
  moveFriends:
    'Friends who use no hub but {{old}} need {{host}}, too, to see what you write next. Once you have left, your page shows them the way with a hint.',
  moveFirst:
    'First use the new hub: give its address or an invite above. Here you then see what it has, and when you can leave the old one.',
  moveGets: '{{host}} is receiving what you wrote…',
  moveHas: '{{host}} has all that you wrote on this device.',
  moveAway: '{{host}} is not connected. It goes on by itself as soon as it is.',
  moveFiles:
    'Pictures and files come behind the posts that name them. Keep the app open for a while longer if you shared large ones.',
  moveDevices: 'Open this page on your other devices, too: what only they have is not counted here.',
  moveAlias: 'Friends find you as {{alias}}. That name belongs to the hub you leave.',
  moveAliasTake: 'Ask for {{alias}}',
  moveAddress:
    'This app comes from {{here}}, and what it keeps is bound to that address. To go on without it, open the app at {{host}} and link it there as you would a new phone. Whoever runs {{host}} gives you the app then: do it only where you trust them.',
  moveOn: 'Go on at {{host}}',
  moveLeave: 'Leave {{host}}',
})
