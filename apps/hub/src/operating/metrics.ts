/**
 * `/metrics` for Prometheus: how much and how often, never who or what (T20, T22).
 *
 *     families ─▶ registry of its own (prom-client, loaded with the first question) ─▶ text, at most once a second
 *
 * @module
 */
import type { Clock } from '@effigy/sync'

/** Values by the one label that a family may have; without a label a single value. */
type Values = number | ReadonlyMap<string, number> | null

export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  /** Its values are of a bounded set, and name nobody. */
  readonly label?: string
  /** Null: there is none now. Throws as the store does. */
  readonly read: () => Values
}

export interface Metrics {
  /** In Prometheus's text format; what could not be read is left out. */
  text(): Promise<string>
}

/** Anybody may be allowed to ask; each answer counts descriptors and feeds. */
const freshMs = 1_000

/** Ms between two looks at how late the event loop is. */
const lagResolutionMs = 50

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

export function createMetrics(families: readonly Family[], clock: Pick<Clock, 'monotonic'>): Metrics {
  let registry: ReturnType<typeof openRegistry> | null = null
  let last: { readonly text: Promise<string>; readonly atMs: number } | null = null
  return {
    text() {
      const nowMs = clock.monotonic()
      if (last === null || nowMs - last.atMs >= freshMs) {
        registry ??= openRegistry(families)
        last = { text: registry.then((opened) => opened.metrics()), atMs: nowMs }
      }
      return last.text
    },
  }
}

async function openRegistry(families: readonly Family[]) {
  const { Counter, collectDefaultMetrics, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagResolutionMs })
  for (const { name, help, type, label, read } of families) {
    const labelNames = label === undefined ? [] : [label]
    const shared = { name: `effigy_${name}`, help, labelNames, registers: [registry] }
    const collect = (put: (labels: Record<string, string>, value: number) => void): void => {
      for (const [value, count] of entriesOf(readSafely(read))) {
        put(label === undefined ? {} : { [label]: value }, count)
      }
    }
    if (type === 'gauge') {
      const gauge = new Gauge({
        ...shared,
        collect() {
          gauge.reset()
          // Without a label there would be a 0 now.
          gauge.remove({})
          collect((labels, value) => gauge.set(labels, value))
        },
      })
    } else {
      const counter = new Counter({
        ...shared,
        collect() {
          counter.reset()
          counter.remove({})
          collect((labels, value) => counter.inc(labels, value))
        },
      })
    }
  }
  return registry
}

function entriesOf(values: Values): Iterable<readonly [string, number]> {
  if (values === null) return []
  return typeof values === 'number' ? [['', values]] : values
}

/** A medium that fails takes what is asked of it away, not what is counted beside it. */
function readSafely(read: () => Values): Values {
  try {
    return read()
  } catch {
    return null
  }
}
