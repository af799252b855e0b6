/**
 * What `effigy feed …` says: of itself, of its work, and the questions that it asks.
 *
 * @module
 */

export const feedHelp = {
  feed: 'who reads what you publish from this device: everybody, or some',
  private:
    'from now on only those whom you name, and your own devices; the whole feed is written anew, sealed',
  leaveOut: 'take out what cannot stand there: files that are not encrypted, texts above some 10 KB',
  public: 'for everybody again; the whole feed is written anew',
  keep: 'what was private: `all` of it for everybody to read, or `none`',
  people: 'what somebody whom you follow is called, did:key:…, or six characters or more of one',
  share: 'give the key of your private feed to more people',
  unshare: 'take people off; the whole feed is written anew under another key',
  readers: 'who has the key of your private feed',
} as const

export const feedSay = {
  privatePlan:
    'Everybody keeps what they have of this feed as it was. What they get from now on is for those whom you named.',
  publicAll: 'Everything that stands in this feed is then there for everybody to read, for good.',
  publicNone: 'What stands in this feed is taken out of it. Those who could read it may have kept it.',
  isPrivate: 'Your feed is private.',
  isPublic: 'Your feed is for everybody.',
  isPending: 'It is not written anew yet: that is done as soon as this device may write.',
  given:
    'They get the key when they meet this device, or a hub that this device has met since: `effigy sync`. What you write comes from those alone who read it: a hub hands it on only when you share it with that hub, which then reads it, too.',
  taken: 'They keep what they could read until now, and get nothing newer.',
  reader: (name: string) => name,
  unreached: (name: string) =>
    `${name}  (no key of theirs is known here: they get it when you are both online)`,
  readersNone: 'Nobody but your own devices.',
} as const
