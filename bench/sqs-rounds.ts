import { median, quantile, row } from './figures.ts'

/** How often everything is measured, and how long each time. */
export const rounds = Number(process.env['EVENKEEL_BENCH_ROUNDS'] ?? 3)
export const roundSeconds = Number(process.env['EVENKEEL_BENCH_SECONDS'] ?? 2)
export const clientCounts = [1, 16, 64]
export const body = 'x'.repeat(256)

/** One round: messages, how many a second, and milliseconds of a call. */
export interface Round {
  readonly count: number
  readonly rate: number
  readonly p50: number
  readonly p99: number
}

/** Seconds of processor time so far, by name: `server`, `database`. */
export type Spent = () =>
  | Readonly<Record<string, number>>
  | Promise<Readonly<Record<string, number>>>

export function head(title: string, ...of: readonly string[]): void {
  const times = of.map((name) => `${name} us`)
  row(title, 'clients', 'median/s', 'least/s', 'p50 ms', 'p99 ms', ...times)
}

/** Closed loops of `clients`; `act` says how many messages it was. `untilNone`: all end when there are no more, `countMax`: when there were so many. */
export async function closedLoops(
  clients: number,
  act: (client: number) => Promise<number>,
  { seconds = roundSeconds, untilNone = false, countMax = Number.POSITIVE_INFINITY } = {},
): Promise<Round> {
  const latencies: number[] = []
  let count = 0
  let overAt = Number.POSITIVE_INFINITY
  const began = performance.now()
  const end = began + seconds * 1000
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (performance.now() < Math.min(end, overAt)) {
        const at = performance.now()
        const done = await act(client)
        count += done
        const isOver = (done === 0 && untilNone) || count >= countMax
        if (isOver) overAt = Math.min(overAt, done === 0 ? at : performance.now())
        if (done > 0 || !untilNone) latencies.push(performance.now() - at)
      }
    }),
  )
  const took = Math.min(performance.now(), overAt) - began
  const rate = took > 0 ? (count * 1000) / took : 0
  return { count, rate, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

/** Rounds of one work in a row of figures: the middle rate, the least, the middles of all else, and the processor time of a message. */
export async function measured(
  name: string,
  clients: number,
  {
    run,
    spent,
    prepare,
  }: {
    readonly run: () => Promise<Round>
    readonly spent?: Spent
    /** Before each round; it is not measured. */
    readonly prepare?: () => Promise<void>
  },
): Promise<void> {
  const all: Round[] = []
  const times = new Map<string, number[]>()
  for (let n = 0; n < rounds; n++) {
    await prepare?.()
    const before = (await spent?.()) ?? {}
    const round = await run()
    const after = (await spent?.()) ?? {}
    all.push(round)
    for (const [of, seconds] of Object.entries(after)) {
      const each = ((seconds - (before[of] ?? 0)) * 1e6) / round.count
      times.set(of, [...(times.get(of) ?? []), each])
    }
  }
  const middle = (of: (round: Round) => number): number => median(all.map(of))
  row(
    name,
    String(clients),
    middle(({ rate }) => rate).toFixed(0),
    Math.min(...all.map(({ rate }) => rate)).toFixed(0),
    middle(({ p50 }) => p50).toFixed(1),
    middle(({ p99 }) => p99).toFixed(1),
    ...[...times.values()].map((each) => median(each).toFixed(1)),
  )
}
