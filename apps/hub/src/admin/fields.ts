/**
 * What an operation takes: named fields, each of a kind. One reader for the JSON interface and the command line.
 *
 *     {"identity": "did:key:…"} ─known names? right kinds? nothing missing?▶ InputOf<Fields>
 *
 * @module
 */
import {
  type Cid,
  err,
  type Identity,
  ok,
  parseCid,
  parseIdentity,
  parseRoot,
  type Result,
  type Root,
} from '@effigy/core'
import type { Kind } from '../config/kinds.ts'

export interface Field<Value> {
  readonly kind: Kind<Value>
  readonly help: string
  /** What counts where it is left out; null where it has to be there. */
  readonly fallback: { readonly value: Value } | null
  /** On the command line it stands without its name, in the order of the fields. */
  readonly isPlain: boolean
}

/** Field by field another value: which it is stands in `InputOf`. */
// biome-ignore lint/suspicious/noExplicitAny: a reader of one kind is no reader of another, and the names tie each to its own.
export type Fields = Readonly<Record<string, Field<any>>>

export type InputOf<Of> = {
  readonly [Name in keyof Of]: Of[Name] extends Field<infer Value> ? Value : never
}

export interface InputFault {
  readonly code: 'bad-input'
  /** Null: the whole is no object. */
  readonly field: string | null
  readonly message: string
}

export function required<Value>(kind: Kind<Value>, help: string): Field<Value> {
  return { kind, help, fallback: null, isPlain: true }
}

export function optional<Value>(kind: Kind<Value>, help: string): Field<Value | null> {
  return { kind: orNull(kind), help, fallback: { value: null }, isPlain: false }
}

export function withDefault<Value>(kind: Kind<Value>, value: Value, help: string): Field<Value> {
  return { kind, help, fallback: { value }, isPlain: false }
}

function orNull<Value>(kind: Kind<Value>): Kind<Value | null> {
  return {
    ...kind,
    accept: (value) => (value === null ? { value } : kind.accept(value)),
    show: (value) => (value === null ? 'none' : kind.show(value)),
  }
}

/** `input`: whatever JSON came. Never throws. */
export function readInput<Of extends Fields>(fields: Of, input: unknown): Result<InputOf<Of>, InputFault> {
  const fault = (field: string | null, message: string): Result<never, InputFault> =>
    err({ code: 'bad-input', field, message })
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return fault(null, 'An object is needed, like {}.')
  }
  const given = new Map(Object.entries(input))
  const read: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = given.get(name)
    given.delete(name)
    if (value === undefined) {
      if (field.fallback === null) return fault(name, `${name} is missing: ${field.help}.`)
      read[name] = field.fallback.value
      continue
    }
    const accepted = field.kind.accept(value)
    // What was given is not repeated: it may be a secret that landed in the wrong place (T22).
    if (accepted === null) return fault(name, `${name} must be ${field.kind.allowed}.`)
    read[name] = accepted.value
  }
  const [unknown] = given.keys()
  if (unknown !== undefined) {
    const known = Object.keys(fields)
    const hint = known.length === 0 ? 'There is none.' : `There are: ${known.join(', ')}.`
    return fault(null, `There is a field that is not known. ${hint}`)
  }
  // Each value was accepted by the kind of its name.
  return ok(read as InputOf<Of>)
}

// Kinds beyond those of settings ---------------------------------------------

const asIs = (text: string): unknown => text

function named<Value extends string>(allowed: string, parse: (text: string) => Value | null): Kind<Value> {
  return {
    allowed,
    fromText: asIs,
    accept: (value) => {
      const found = typeof value === 'string' && value.length <= 256 ? parse(value) : null
      return found === null ? null : { value: found }
    },
    show: (value) => value,
  }
}

export const identityKind: Kind<Identity> = named('an identity (did:key:z6Mk…)', parseIdentity)

/** Whoever is meant: a device, or the account it belongs to. */
export const personKind: Kind<Identity | Root> = named<Identity | Root>(
  'an identity (did:key:z6Mk…) or the root of an account (43 characters)',
  (text) => parseIdentity(text) ?? parseRoot(text),
)

export const contentKind: Kind<Cid> = named('the id of a content (bafkrei… or bafybei…)', parseCid)

/** As the list of connections names them: it shows no whole identities. */
export const deviceKind: Kind<string> = named(
  'the short name of a device (8 characters) or its identity (did:key:z6Mk…)',
  (text) => parseIdentity(text) ?? (/^[1-9A-HJ-NP-Za-km-z]{8}$/.test(text) ? text : null),
)
