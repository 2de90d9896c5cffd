import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { median } from './figures.ts'
import {
  has,
  startBackends,
  startHaproxy,
  startNginxProxy,
  startOwn,
  type Peer,
} from './gateway-peers.ts'

/** Requests a second through the built-in data plane beside HAProxy and nginx: the same backends, turn by turn, medians. */
const rounds = 5
const secondsPerTurn = 3
const connections = 64

const base = 20_000 + (process.pid % 20_000)
const backendPorts = [base, base + 1, base + 2]
const folder = mkdtempSync(join(tmpdir(), 'ek-bench-'))
const backends = startBackends(folder, backendPorts)
const peers: Peer[] = [startOwn(base + 10, backendPorts)]
const say = (text: string): void => void process.stdout.write(`${text}\n`)

if (has('haproxy')) peers.push(startHaproxy(folder, base + 11, backendPorts))
else say('haproxy: not installed, left out')
if (has('nginx')) peers.push(startNginxProxy(folder, base + 12, backendPorts))
else say('nginx: not installed, left out')

try {
  for (const peer of peers) await answers(peer.port)
  const results = new Map(peers.map((peer) => [peer.name, [] as Turn[]]))
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) results.get(peer.name)?.push(turn(peer))
  }
  say(
    `backends: ${backends.name}; client: ${has('wrk') ? 'wrk' : 'autocannon'}; ${connections} connections`,
  )
  for (const [name, turns] of results) {
    const rate = median(turns.map((one) => one.rate)).toFixed(0)
    const cpu = median(turns.map((one) => one.microseconds)).toFixed(1)
    say(`${name.padEnd(9)} ${rate.padStart(7)} requests/s  ${cpu.padStart(6)} µs CPU a request`)
  }
} finally {
  for (const peer of [...peers, backends]) peer.process.kill('SIGTERM')
  await delay(200)
  rmSync(folder, { recursive: true, force: true })
}

interface Turn {
  readonly rate: number
  /** Of the proxy's own process. */
  readonly microseconds: number
}

function turn(peer: Peer): Turn {
  const before = cpuSeconds(peer)
  const url = `http://127.0.0.1:${peer.port}/`
  const { requests, rate } = has('wrk') ? wrk(url) : autocannon(url)
  return { rate, microseconds: ((cpuSeconds(peer) - before) / requests) * 1e6 }
}

function wrk(url: string): { requests: number; rate: number } {
  const flags = ['-t1', `-c${connections}`, `-d${secondsPerTurn}s`, url]
  const { stdout } = spawnSync('wrk', flags, { encoding: 'utf8' })
  const requests = Number(/([0-9]+) requests in/.exec(stdout)?.[1])
  return { requests, rate: Number(/Requests\/sec:\s+([0-9.]+)/.exec(stdout)?.[1]) }
}

function autocannon(url: string): { requests: number; rate: number } {
  const program = createRequire(import.meta.url).resolve('autocannon/autocannon.js')
  const flags = [program, '-j', '-c', String(connections), '-d', String(secondsPerTurn), url]
  const { stdout } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
  const { requests } = JSON.parse(stdout) as { requests: { total: number; average: number } }
  return { requests: requests.total, rate: requests.average }
}

/** User and system time of a process and its children that live (nginx works in a child). */
function cpuSeconds(peer: Peer): number {
  const pid = peer.process.pid ?? 0
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

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' })
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (isOpen) return delay(300)
    await delay(50)
  }
  throw new Error(`nothing listens on port ${port}`)
}
