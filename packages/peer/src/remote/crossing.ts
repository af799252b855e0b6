/**
 * How the members of an interface cross a message port (spec O1-O4): a table that names each of them, and the type of
 * what stands on the other side.
 *
 *     Peer ─CrossingTable▶ { publish: 'once', query: { timeline: 'read' }, … } ─Remote▶ RemotePeer
 *
 * The table is one value for two things: the compiler asks it for every member, so that none is forgotten, and the
 * host reaches nothing that it does not name.
 *
 * @module
 */

/**
 * - `read`: synchronous here, and nothing comes of asking: it is asked again when another tab took over, and may be live
 * - `again`: the same, of what does not answer at once, or cannot be live
 * - `once`: something comes of it, so it is asked once, whatever happens
 * - `value`: a property that changes, or a promise: asked for by a call without arguments
 * - `constant`: a property that is told with the object that it belongs to, the peer itself or a handle
 * - `stream`: pulled one by one: the next is asked for when the one before was taken
 * - `bytes`: a stream that is read ahead by a few pieces
 * - `absent`: does not cross
 */
export type Crossing = 'read' | 'again' | 'once' | 'value' | 'constant' | 'stream' | 'bytes' | 'absent'

/** What a call gives is kept at the host until it is released; `again`: made anew when another tab took over. */
export interface HandleCrossing<Members> {
  readonly handle: Members
  readonly call: 'again' | 'once'
}

type AnyFunction = (...args: never[]) => unknown

type CrossingOf<Member> = Member extends AnyFunction
  ? ReturnType<Member> extends AsyncIterable<unknown>
    ? 'stream' | 'bytes' | 'absent'
    :
        | (ReturnType<Member> extends Promise<unknown> ? never : 'read')
        | 'again'
        | 'once'
        | 'absent'
        | HandleCrossing<CrossingTable<Awaited<ReturnType<Member>>>>
  : 'value' | 'constant' | 'absent' | PartTable<Member>

/** A word for each member of `Part` that has a name: the compiler finds the one that is missing. */
export type CrossingTable<Part> = {
  readonly [Name in Extract<keyof Part, string>]-?: CrossingOf<Part[Name]>
}

/** The same of a part, which has no constants: it is given away with nothing. */
type PartTable<Part> = {
  readonly [Name in Extract<keyof Part, string>]-?: Exclude<CrossingOf<Part[Name]>, 'constant'>
}

type Crosses<Table> = {
  [Name in keyof Table]: Table[Name] extends 'absent' ? never : Name
}[keyof Table]

/** `Part` as it stands on the other side of a port. */
export type Remote<Part, Table> = {
  readonly [Name in Crosses<Table> & keyof Part]: RemoteMember<Part[Name], Table[Name & keyof Table]>
}

/** Kept at the host until it is disposed, or its page goes. */
export type RemoteHandle<Part, Table> = Remote<Part, Table> & AsyncDisposable

type RemoteMember<Member, How> = How extends 'constant'
  ? Awaited<Member>
  : How extends 'value'
    ? () => Promise<Awaited<Member>>
    : Member extends AnyFunction
      ? How extends 'stream' | 'bytes'
        ? (...args: Parameters<Member>) => ReturnType<Member>
        : How extends HandleCrossing<infer Members>
          ? (...args: Parameters<Member>) => Promise<RemoteHandle<Awaited<ReturnType<Member>>, Members>>
          : (...args: Parameters<Member>) => Promise<Awaited<ReturnType<Member>>>
      : Remote<Member, How>

/** Names of what is `read`. */
export type ReadsOf<Table> = {
  [Name in keyof Table]: Table[Name] extends 'read' ? Extract<Name, string> : never
}[keyof Table]
