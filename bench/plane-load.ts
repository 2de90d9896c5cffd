import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { has } from './gateway-peers.ts'

export interface LoadResult {
  readonly requests: number
  readonly rate: number
  /** Milliseconds. */
  readonly p99: number
}

/** One turn of load, by wrk, or by autocannon where there is none. */
export function loadOnce(port: number, connections: number, seconds: number): LoadResult {
  const url = `http://127.0.0.1:${port}/`
  return has('wrk') ? wrk(url, connections, seconds) : autocannon(url, connections, seconds)
}

function wrk(url: string, connections: number, seconds: number): LoadResult {
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', url]
  const { stdout } = spawnSync('wrk', flags, { encoding: 'utf8' })
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`not all is well at ${url}:\n${stdout}`)
  const [, p99, unit] = /99%\s+([0-9.]+)(us|ms|s)/.exec(stdout) ?? []
  const scale = unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1
  return {
    requests: Number(/([0-9]+) requests in/.exec(stdout)?.[1]),
    rate: Number(/Requests\/sec:\s+([0-9.]+)/.exec(stdout)?.[1]),
    p99: Number(p99) * scale,
  }
}

function autocannon(url: string, connections: number, seconds: number): LoadResult {
  const program = createRequire(import.meta.url).resolve('autocannon/autocannon.js')
  const flags = [program, '-j', '-c', String(connections), '-d', String(seconds), url]
  const { stdout } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
  const { requests, latency } = JSON.parse(stdout) as {
    requests: { total: number; average: number }
    latency: { p99: number }
  }
  return { requests: requests.total, rate: requests.average, p99: latency.p99 }
}

/** User and system time of a process and of its children that live. */
export function cpuSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const pids = [pid, ...children.trim().split(' ').filter(Boolean).map(Number)]
  let ticks = 0
  for (const one of pids) {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / 100
}

export async function untilOpen(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.on('error', () => resolve(false))
      socket.on('connect', () => {
        socket.destroy()
        resolve(true)
      })
    })
    if (isOpen) return delay(300)
    await delay(50)
  }
  throw new Error(`nothing listens on port ${port}`)
}
