import type { Scope } from '../kernel/scope.ts'
import { keyOf } from '../reconcile/reconciler.ts'
import type { Store } from '../store/records.ts'
import { alarms, type Alarm } from './alarm.ts'
import { alarmsIn, parseAlarmRule } from './domain/alarm-rule.ts'
import { periodStart } from './domain/periods.ts'
import { canBeFinal } from './plan-alarm.ts'
import { periodOf } from './query-metrics.ts'
import { seriesKey, type Series, type SeriesPoint } from './point-store.ts'

/** Which alarms look at which series, and at which alarms. */
export interface AlarmIndex {
  /** Keys of the alarms that these points may change. */
  wokenBy(points: readonly SeriesPoint[], now: number): Promise<readonly string[]>
  /** Draws it for the first time, or after it failed. */
  refresh(): Promise<void>
  /** Keys of the composite alarms whose rules name it. */
  parentsOf(scope: Scope, alarmName: string): readonly string[]
  close(): void
}

interface Entry {
  readonly key: string
  readonly alarm: Alarm
}

interface Picture {
  readonly bySeries: ReadonlyMap<string, readonly Entry[]>
  readonly byChild: ReadonlyMap<string, readonly string[]>
}

const emptyPicture: Picture = { bySeries: new Map(), byChild: new Map() }

/** Drawn anew after alarms change; states change often, so it is drawn at most once for many changes. */
export function createAlarmIndex(store: Store): AlarmIndex {
  let picture = emptyPicture
  let drawing: Promise<void> | undefined
  let isStale = true
  const unwatch = store.watch(alarms, () => {
    isStale = true
    void draw().catch(() => undefined)
  })

  function draw(): Promise<void> {
    drawing ??= drawAll().finally(() => {
      drawing = undefined
    })
    return drawing
  }
  async function drawAll(): Promise<void> {
    while (isStale) {
      isStale = false
      try {
        picture = pictureOf(await store.listAll(alarms))
      } catch (thrown) {
        isStale = true
        throw thrown
      }
    }
  }

  return {
    async wokenBy(points, now) {
      if (isStale) await draw()
      const keys = new Set<string>()
      if (picture.bySeries.size === 0) return []
      for (const point of points) {
        for (const { key, alarm } of picture.bySeries.get(seriesKey(point.series)) ?? []) {
          if (!keys.has(key) && mayChange(alarm, point.at, now)) keys.add(key)
        }
      }
      return [...keys]
    },
    refresh: draw,
    parentsOf: (scope, alarmName) => picture.byChild.get(keyOf(scope, alarmName)) ?? [],
    close: unwatch,
  }
}

function pictureOf(records: readonly { scope: Scope; id: string; value: Alarm }[]): Picture {
  const bySeries = new Map<string, Entry[]>()
  const byChild = new Map<string, string[]>()
  for (const { scope, id, value: alarm } of records) {
    const key = keyOf(scope, id)
    for (const series of seriesOf(scope, alarm)) append(bySeries, seriesKey(series), { key, alarm })
    for (const child of childrenOf(alarm)) append(byChild, keyOf(scope, child), key)
  }
  return { bySeries, byChild }
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key)
  if (items) items.push(item)
  else map.set(key, [item])
}

function seriesOf(scope: Scope, alarm: Alarm): readonly Series[] {
  if (alarm.type === 'CompositeAlarm') return []
  const { measure } = alarm
  if (measure.kind === 'math') {
    return measure.queries.flatMap(({ stat }) =>
      stat ? [{ scope, ...stat, dimensions: stat.dimensions }] : [],
    )
  }
  const { namespace, name } = measure
  return [{ scope, namespace, name, dimensions: dimensionsOf(measure.dimensions) }]
}

/** The alarms that a composite alarm looks at. */
export function childrenOf(alarm: Alarm): readonly string[] {
  if (alarm.type !== 'CompositeAlarm') return []
  const rule = parseAlarmRule(alarm.rule)
  return rule.ok ? alarmsIn(rule.tree) : []
}

export function dimensionsOf(
  list: readonly { readonly Name: string; readonly Value: string }[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]))
}

/** A point of a period that is still open changes nothing, unless the alarm can be decided early. */
function mayChange(alarm: Alarm, at: number, now: number): boolean {
  if (alarm.type === 'CompositeAlarm') return false
  const { measure } = alarm
  if (measure.kind === 'math') return at < periodStart(now, periodOf(measure.queries))
  const isClosed = at < periodStart(now, measure.periodSeconds)
  return isClosed || canBeFinal(alarm.comparison, measure.statistic)
}
