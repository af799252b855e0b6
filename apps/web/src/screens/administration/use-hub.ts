/**
 * Answers of the hub in components: asked when they are shown, after each act, and now and then.
 *
 * @module
 */
import { notifications } from '@mantine/notifications'
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { useFail } from '../../components/fault.tsx'
import { useWords } from '../../words/use-words.ts'
import { ask, HubFault, type Input, type Listed } from './ask.ts'
import { words } from './words.ts'

/** Rows that one answer has. */
const mostRows = 500

export interface Session {
  /** Counts acts: what is shown may be another then. */
  readonly acts: number
  acted(): void
  /** The hub knows this session no more. */
  over(): void
}

export const SessionContext = createContext<Session>({ acts: 0, acted: () => {}, over: () => {} })

/** By identity, as they call themselves; a claim. */
export const NamesContext = createContext<ReadonlyMap<string, string>>(new Map())

/** Of those who are members now, and of their accounts. */
export function useNames(): ReadonlyMap<string, string> {
  const { value } = useAsked<Listed<DeviceRow>>('devices list', { limit: mostRows })
  return useMemo(
    () =>
      new Map(
        (value?.items ?? []).flatMap(({ identity, person, name }) =>
          name === null ? [] : [[identity, name] as const, [person, name] as const],
        ),
      ),
    [value],
  )
}

interface DeviceRow {
  readonly identity: string
  readonly person: string
  readonly name: string | null
}

export interface Asked<Answer> {
  /** The one before while it is asked again. */
  readonly value: Answer | null
  readonly error: unknown
  readonly again: () => void
}

/** `everyMs`: asked again by itself; not when omitted. */
export function useAsked<Answer>(
  name: string,
  input: Input = {},
  everyMs: number | null = null,
): Asked<Answer> {
  const { acts, over } = useContext(SessionContext)
  const [value, setValue] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [tries, setTries] = useState(0)
  const again = useCallback(() => setTries((count) => count + 1), [])
  const text = JSON.stringify(input)
  useEffect(() => {
    const until = new AbortController()
    ask<Answer>(name, JSON.parse(text) as Input, until.signal).then(
      (answer) => {
        setValue(answer)
        setError(null)
      },
      (reason: unknown) => {
        if (until.signal.aborted) return
        if (reason instanceof HubFault && reason.code === 'unauthorized') over()
        else setError(reason)
      },
    )
    return () => until.abort()
  }, [name, text, acts, tries, over])
  useEffect(() => {
    if (everyMs === null) return
    const timer = setInterval(() => {
      if (!document.hidden) again()
    }, everyMs)
    return () => clearInterval(timer)
  }, [everyMs, again])
  return { value, error, again }
}

export interface AskedList<Row> extends Omit<Asked<unknown>, 'value'> {
  /** Null: nothing came yet. */
  readonly items: readonly Row[] | null
  readonly hasMore: boolean
  readonly more: () => void
}

const firstRows = 50

/** As many as were asked for, and after an act as many again. */
export function useAskedList<Row>(
  name: string,
  input: Input = {},
  everyMs: number | null = null,
): AskedList<Row> {
  const [limit, setLimit] = useState(firstRows)
  const { value, ...asked } = useAsked<Listed<Row>>(name, { ...input, limit }, everyMs)
  return {
    ...asked,
    items: value?.items ?? null,
    hasMore: value?.next != null && limit < mostRows,
    more: () => setLimit((rows) => Math.min(mostRows, rows * 3)),
  }
}

/** Does something, says that it is done, and has all that is shown asked again. Null: it failed, and was said. */
export function useAct(): <Answer>(name: string, input?: Input) => Promise<Answer | null> {
  const t = useWords(words)
  const fail = useFail()
  const { acted, over } = useContext(SessionContext)
  return useCallback(
    async <Answer>(name: string, input: Input = {}) => {
      try {
        const answer = await ask<Answer>(name, input, AbortSignal.timeout(30_000))
        notifications.show({ message: t('done'), role: 'status' })
        acted()
        return answer
      } catch (error) {
        if (error instanceof HubFault && error.code === 'unauthorized') over()
        else fail(error)
        return null
      }
    },
    [t, fail, acted, over],
  )
}
