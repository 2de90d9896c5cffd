import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** One request of the load: when it ended, how, and who served it. */
export interface LoadRecord {
  readonly at: number
  readonly milliseconds: number
  /** 0 when the connection failed. */
  readonly status: number
  readonly instance?: string
  readonly error?: string
}

export interface LoadResult {
  readonly records: readonly LoadRecord[]
  /** Answers that are not 2xx, failed connections and time-outs. Retries are off: each is one request of a visitor. */
  readonly failed: readonly LoadRecord[]
}

export interface Load {
  /** Ends the load and gives its raw log. */
  stop(): Promise<LoadResult>
}

const program = new URL('./load-process.ts', import.meta.url).pathname

/** Starts an open-loop load of GETs at a fixed rate in a process of its own (autocannon). */
export async function startLoad(options: {
  url: string
  ratePerSecond: number
  connections?: number
  host?: string
}): Promise<Load> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const records: LoadRecord[] = []
  let started = (): void => {}
  const running = new Promise<void>((resolve) => (started = resolve))
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    records.push(JSON.parse(line) as LoadRecord)
    started()
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await Promise.race([running, exited])
  return {
    stop: async () => {
      child.stdin.end()
      await exited
      return {
        records,
        failed: records.filter((record) => record.status < 200 || record.status > 299),
      }
    },
  }
}
