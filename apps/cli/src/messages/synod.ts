/**
 * What `effigy synod …` says: of itself, of its work, and the questions that it asks.
 *
 * @module
 */

/** What `--help` says of the account's commands. */
export const synodHelp = {
  synod: 'your account: one person on many devices, which a loss cannot end and a thief cannot keep',
  create: 'make an account of which this device is the main one',
  name: 'what people see of the account first',
  about: 'a few sentences',
  avatar: 'a picture of you',
  label: 'what this device is called in the account',
  reveal: 'show the words of the account: a secret',
  confirm: 'you have the words on paper: they are wiped from this device',
  show: 'the account, its devices and what became of it',
  set: 'change what people see of the account, and names of devices; on the main device',
  dropbox:
    'a hub where people leave what is for you: ws://host:port/…#did:key:… (again for more); none for no more',
  labels: 'name a device: [DEVICE=]LABEL (again for more)',
  device: 'its label, or did:key:… or six characters or more of it',
  pair: 'link another device: shows a code here, which `synod join` reads there; or grants what devices ask for',
  join: 'link this device: reads the code that `synod pair` showed on the other one',
  code: 'effigy-link-1-…; - reads standard input',
  requests: 'only wait for what other devices ask of this one, the main one',
  listen:
    'where the other device finds this one: [address:]port; all addresses of this machine when left out',
  at: 'where another device of the account is reached: ws://host:port/…#did:key:… (again for more)',
  count: 'end after so many',
  noHistory: 'do not wait for the notes of the account',
  revoke: 'end the feed of a lost or stolen device: nothing newer of it counts anywhere',
  lostAt: 'the last time at which the device was surely in your hands (2026-01-31T12:30Z)',
  final: 'the last entry of it that counts: EPOCH/LENGTH/CID, as `synod show` tells them',
  nothing: 'nothing of it counts, not even what was there before',
  leave: 'take this device out of the account; the main one has to agree',
  handover: 'make another device the main one',
  heir: 'which device; left out on the one that takes over, which waits for it',
  move: 'take the account back with its words: after a loss, out of the hands of a thief, onto this device',
  phraseFile: 'a file with the words; - reads standard input',
  newWords: 'other words from now on',
  keep: 'a device that stays (again for more); all but the main one when left out',
  drop: 'a device that does not stay, and what of it counts: DEVICE[=EPOCH/LENGTH/CID] or DEVICE=nothing (again for more)',
  alone: 'no other device stays',
  where: "on which devices, hubs and friends' devices your data is, and until when",
} as const

/** What the commands say. */
export const synodSay = {
  created: 'This device is the main one of your account. Your friends follow it with `effigy follow`:',
  notTheftProof: (command: string) =>
    `Not theft-proof yet: the words of the account are still on this device. Write them down (\`effigy id --reveal\` shows them), then run \`${command}\`.`,
  confirmed: 'The words are wiped from this device. Whoever steals it cannot keep your account.',
  confirmQuestion: 'Are all the words on paper, in their order? They are wiped from this device.',
  role: {
    main: 'this is the main device',
    'main-without-key': 'this is the main device, but the key of the account is not here: move the account',
    linked: 'this is a linked device',
    revoked: 'this device was taken out of the account',
    frozen: 'this device is not in the account any more',
  },
  unsettled: 'nobody knows now whether this device is in the account',
  main: 'main',
  here: 'this device',
  unnamed: '(no name)',
  disputed: 'Two different states of the account are known. Only its words end that: `effigy synod move`.',
  incomplete: 'The newest state of the account is not here: `effigy sync` fetches it.',
  handingTo: (label: string) => `Being handed over to ${label}, which has not taken it yet.`,
  moved: (count: number) => `moved ${count === 1 ? 'once' : `${count} times`} with its words`,
  revokedAt: (name: string, length: number) => `${name}  revoked; its first ${length} entries count`,
  frozenAt: (name: string, length: number) =>
    `${name}  left without an end; its first ${length} entries are here, and no more are taken`,
  frozenTold: (name: string, length: number, final: string) =>
    `Others have ${length} entries of ${name}. If they are yours: effigy synod revoke ${name} --final ${final}`,
  revokedWhole: (name: string) => `${name}  revoked; nothing of it counts`,
  saved: 'Saved.',
  syncSoon: 'Run `effigy sync`, so that others hear of it.',
  revokePlan: (label: string, kept: number | null) =>
    kept === null
      ? `This ends ${label}: nothing that it wrote counts any more. It cannot be taken back.`
      : `This ends ${label} at its entry ${kept}: nothing newer counts anywhere. It cannot be taken back.`,
  revokeUnheard: (label: string) =>
    `Nothing that ${label} wrote is here. Run \`effigy sync\` there and here first, if it wrote something: then it stays. Without that it is taken out, and what others tell of it later waits for your word.`,
  unheard: (label: string) =>
    `${label} is out of your account. \`effigy synod show\` says it when others turn out to have something of it.`,
  noSighting: 'None of your devices saw anything of that one by then.',
  revokeCuts: (count: number) => `${count} newer than that are known, and are refused from now on.`,
  revoked: (label: string) => `${label} is revoked.`,
  leaveQuestion: 'This device would write nothing more, and needs a new home to join again.',
  leaving:
    'Waiting for the main device: `effigy synod pair --requests` there asks whether to let this one go.',
  left: 'This device is out of the account.',
  movePlan: 'The account gets its next key, and this device is the main one.',
  takenBack: 'The account is here: this device is the main one.',
  members: (labels: string) => `Its devices: ${labels}.`,
  restored: 'The account is restored: this device is the main one.',
  sameQuestion: 'Are these the same pictures, in the same order, on both devices? [y/N] ',
  wantsToJoin: (label: string) => `"${label}" wants to join your account.`,
  waitingForOther: 'Now say yes on the other device, too.',
  asking: 'The account is asked …',
  askingStage: (stage: string) => `The account is asked (${stage}) …`,
  undoing: 'Taking it back …',
  uncertain:
    'The account had said yes when it broke off: `effigy synod show` on the main device tells whether it stays.',
  refused: (code: string) => `The account did not take the device (${code}).`,
  codeHint: 'Good for two minutes and one device. On the other one: effigy synod join CODE',
  linked: (label: string) => `${label} is linked.`,
  historyGoes: 'Your notes go there now; Ctrl-C ends that, and it goes on over the hubs.',
  history: 'Fetching your notes',
  historyHere: (entries: string) => `All of your notes are here: ${entries}.`,
  reachable: 'Other devices of yours reach this one, with --at, at:',
  asksToLeave: (label: string) => `${label} asks to leave your account.`,
  asksToJoin: (label: string, identity: string, via: string) =>
    `"${label}" (${identity}) asks to join your account, over ${via}.`,
  granted: (label: string) => `${label}: done.`,
  handoverQuestion: (label: string) => `${label} becomes the main device, and this one gives its key away.`,
  handoverHint: 'Waiting until the other device is connected: `effigy synod handover --at ADDRESS` there.',
  handedOver: (label: string) => `${label} is the main device now.`,
  dataIsOn: (places: string) => `Your data is on: ${places}.`,
  oneCopy:
    'Nobody else was found to have what this device wrote: if it breaks, that is lost. Add a hub, or link a device.',
  hubNamed: (name: string) => `hub ${name}`,
  unchecked: 'not checked now',
  leasedUntil: (day: string) => `until ${day}`,
  leaseFailed: (failure: string) => `does not keep what it promised: ${failure}`,
  all: 'all',
  lastOnes: (entries: string) => `last ${entries} of each device`,
  since: (time: string) => `since ${time}`,
  unknownExtent: 'not known how much',
  waitingToTake: 'Waiting until the main device hands over to this one.',
  taken: 'This is the main device now.',
  changed: {
    joined: (label: string) => `${label} joined`,
    revoked: (label: string) => `${label} was revoked`,
    frozen: (label: string) => `${label} is not in the account any more`,
    disowned: (label: string) => `${label} never was in the account`,
    moved: 'the account moved to a new key',
    'handed-over': (label: string) => `${label} is the main device now`,
    disputed: 'two different states of the account are known',
    settled: 'the account is not disputed any more',
  },
  devices: (labels: string) => `on ${labels}`,
} as const
