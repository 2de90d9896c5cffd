import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { startPlatform, type Platform } from '../test/harness/platform.ts'
import { median, row } from './figures.ts'

/** Start to first answered request: first start (makes the database) and warm; memory of each process. */
const runs = 5

const first = await timed(() => startPlatform())
const platform = first.value
row('first start', `${first.milliseconds.toFixed(0)} ms`)
showMemory(platform)
const warm: number[] = []
for (let run = 0; run < runs; run++) {
  await platform.stop({ keep: true })
  warm.push((await timed(() => platform.up())).milliseconds)
}
row(`warm start, median of ${runs}`, `${median(warm).toFixed(0)} ms`)
await platform.stop()

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; milliseconds: number }> {
  const begun = performance.now()
  const value = await work()
  return { value, milliseconds: performance.now() - begun }
}

/** Proportional set size, so that pages shared between processes count once. */
function showMemory(of: Platform): void {
  let total = 0
  for (const [name, kib] of memoryByProcess(of.dataDirectory)) {
    total += kib
    row(`  memory of ${name}`, `${(kib / 1024).toFixed(1)} MiB`)
  }
  row('  memory of all', `${(total / 1024).toFixed(1)} MiB`)
}

function memoryByProcess(dataDirectory: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      const name = nameOf(words, dataDirectory)
      if (!name) continue
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
      const kib = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
      sums.set(name, (sums.get(name) ?? 0) + kib)
    } catch {
      // The process ended meanwhile.
    }
  }
  return sums
}

/** PostgreSQL's children carry only a title, so they are found by their parent's group. */
function nameOf(commandLine: string, dataDirectory: string): string | undefined {
  const program = /src\/(server|host|edge|agent|gateway)\/main\.ts/.exec(commandLine)?.[1]
  if (program && commandLine.includes(dataDirectory)) return program
  if (commandLine.includes('postgres') && postgresPids(dataDirectory).has(commandLine))
    return 'store'
  return undefined
}

function postgresPids(dataDirectory: string): ReadonlySet<string> {
  const root = execFileSync('sh', ['-c', `pgrep -f "postgres.*${dataDirectory}" | head -1`], {
    encoding: 'utf8',
  }).trim()
  if (root === '') return new Set()
  const children = execFileSync('sh', ['-c', `echo ${root}; pgrep -P ${root} || true`], {
    encoding: 'utf8',
  })
  return new Set(
    children
      .trim()
      .split('\n')
      .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
  )
}
