/**
 * What the commands for private notes, conversations and read keys say.
 *
 * @module
 */

export const privateHelp = {
  note: 'say something to some people, who alone can read it; to yourself when nobody is named',
  to: 'whom to: what somebody whom you follow is called, did:key:…, or six characters or more of one (again for more)',
  in: 'answer in that conversation instead',
  conversations: 'private notes by people, the newest first',
  conversation: 'what was said in one of them, newest first; it counts as read then',
  conversationName: 'as `conversations` shows it, or the one person that it is with',
  keepUnread: 'leave it unread',
  readkey: 'the keys that open private notes',
  readkeyList: 'who gave which, the newest first',
  reveal: 'show the keys themselves: whoever has them reads what they open',
}

export const privateSay = {
  noted: (id: string, people: string) => `Noted ${id}, for ${people}`,
  oneself: 'yourself',
  readBy: (people: string) => `Only you and ${people} can read this.`,
  readByOneself: 'Only you can read this.',
  removedKeep: 'Whoever is removed keeps what they had, and gets nothing newer.',
  unread: (count: number) => (count === 0 ? '' : `${count} unread`),
  group: (name: string) => `group ${name}`,
  unknownGroup: 'a group that is not known here yet',
  generation: (number: number) => `generation ${number}`,
  noConversation: 'No private notes yet.',
  asks: 'You do not follow them: answer, or follow them, to read the rest.',
}
