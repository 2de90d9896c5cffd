import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { median, row } from './figures.ts'
import {
  has,
  startBackends,
  startDutifulHaproxy,
  startHaproxy,
  startNginxProxy,
  startOwn,
  type Peer,
} from './gateway-peers.ts'
import { cpuSeconds, loadOnce, untilOpen } from './plane-load.ts'
import { startFastify, startHaproxyDriver, startHttpProxy3 } from './plane-peers.ts'

/**
 * Both data planes beside plain HAProxy, nginx and two libraries of Node: the same three backends, the same client, one
 * connection pool each, turn by turn on the loopback of one namespace. Ratios are medians over the rounds' own pairs.
 */
const rounds = Number(process.env['EVENKEEL_BENCH_ROUNDS'] ?? 15)
const secondsPerTurn = 2
const connections = 64

interface Turn {
  readonly rate: number
  /** Of the proxy's own processes, for a request. */
  readonly microseconds: number
  readonly p99: number
}

const base = 20_000 + (process.pid % 20_000)
const backendPorts = [base, base + 1, base + 2]
const folder = mkdtempSync(join(tmpdir(), 'ek-planes-'))
const backends = startBackends(folder, backendPorts)
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const peers: Peer[] = [
  { ...startOwn(base + 10, backendPorts), name: 'built-in' },
  startHttpProxy3(base + 11, backendPorts),
  startFastify(base + 12, backendPorts),
]
if (has('haproxy')) {
  peers.push(startHaproxyDriver(folder, base + 13, backendPorts))
  peers.push(startHaproxy(folder, base + 14, backendPorts))
  peers.push(startDutifulHaproxy(folder, base + 16, backendPorts))
} else say('haproxy: not installed, left out')
if (has('nginx')) peers.push(startNginxProxy(folder, base + 15, backendPorts))
else say('nginx: not installed, left out')

const turns = new Map(peers.map((peer) => [peer.name, [] as Turn[]]))

try {
  for (const peer of peers) await untilOpen(peer.port)
  for (const peer of peers) loadOnce(peer.port, connections, 1)
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < peers.length; step++) {
      const peer = peers[(round + step) % peers.length]
      if (peer !== undefined) turns.get(peer.name)?.push(turn(peer))
    }
  }
  tell()
} finally {
  for (const peer of [...peers, backends]) peer.process.kill('SIGTERM')
  await delay(300)
  rmSync(folder, { recursive: true, force: true })
}

function turn(peer: Peer): Turn {
  const before = cpuSeconds(peer.process.pid ?? 0)
  const { requests, rate, p99 } = loadOnce(peer.port, connections, secondsPerTurn)
  const spent = cpuSeconds(peer.process.pid ?? 0) - before
  return { rate, p99, microseconds: (spent / requests) * 1e6 }
}

function tell(): void {
  say(
    `${rounds} rounds of ${secondsPerTurn} s each; backends: ${backends.name}; ${connections} connections`,
  )
  row('', 'requests/s', 'p99 ms', 'µs CPU/request')
  for (const [name, all] of turns) {
    const figure = (of: (one: Turn) => number, digits: number): string =>
      median(all.map(of)).toFixed(digits)
    row(
      name,
      figure((one) => one.rate, 0),
      figure((one) => one.p99, 2),
      figure((one) => one.microseconds, 1),
    )
  }
  tellRatio('haproxy driver', 'haproxy, same duties')
  tellRatio('haproxy driver', 'haproxy')
  tellRatio('built-in', 'haproxy')
  tellRatio('built-in', 'http-proxy-3')
  tellRatio('built-in', '@fastify/http-proxy')
  if (!has('haproxy')) return
  say('\nthe configuration that the driver wrote:')
  say(readFileSync(join(folder, 'driver', 'haproxy', '1', 'haproxy.cfg'), 'utf8'))
}

/** Each round's turn of one beside the same round's turn of the other. */
function tellRatio(one: string, other: string): void {
  const ours = turns.get(one) ?? []
  const theirs = turns.get(other) ?? []
  if (ours.length === 0 || theirs.length === 0) return
  const paired = (of: (turn: Turn) => number, isInverse: boolean): string => {
    const ratios = ours.map((mine, index) => {
      const ratio = of(mine) / of(theirs[index] ?? mine)
      return isInverse ? 1 / ratio : ratio
    })
    return median(ratios).toFixed(2)
  }
  const rate = paired((turn) => turn.rate, false)
  const work = paired((turn) => turn.microseconds, true)
  say(`${one} of ${other}: ${rate} in requests/s, ${work} in requests for the same CPU`)
}
