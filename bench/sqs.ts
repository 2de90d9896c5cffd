import { peerBrokers, type Peer, type PeerClient } from './peer-brokers.ts'
import { backlogCurve, engineRates, fifoCurve, withEngine } from './sqs-engine.ts'
import { platformFigures } from './sqs-platform.ts'
import { clientCounts, closedLoops, head, measured } from './sqs-rounds.ts'

/**
 * Messages a second, durable: fsync is on, and an answer comes after the commit. The whole platform over HTTP with signatures checked, receiving
 * from backlogs, and brokers of other makers. Clients, server and PostgreSQL share the machine, so the processor time of a
 * message tells more than the rate. Six to seven minutes. `EVENKEEL_BENCH_SQS=platform,peers` runs only these parts (`engine`, which is
 * the platform without HTTP, only when it is named); `EVENKEEL_BENCH_BACKLOG=1000000` ends the curve earlier; `EVENKEEL_BENCH_ROUNDS` and
 * `EVENKEEL_BENCH_SECONDS` are how often, and how long, each row is measured.
 */
const backlogMax = Number(process.env['EVENKEEL_BENCH_BACKLOG'] ?? 10_000_000)
const fifoBacklogMax = Math.min(backlogMax, 1_000_000)
const peerSeconds = 1
/** Of a peer's queue before it is received from. */
const peerBacklog = 100_000

const usual = ['platform', 'backlog', 'fifo', 'peers']
const parts = process.env['EVENKEEL_BENCH_SQS']?.split(',') ?? usual

if (parts.includes('platform')) await platformFigures()
if (parts.includes('engine')) await withEngine(engineRates)
if (parts.includes('backlog')) await withEngine((engine) => backlogCurve(engine, backlogMax))
if (parts.includes('fifo')) await withEngine((engine) => fifoCurve(engine, fifoBacklogMax))
if (parts.includes('peers')) await peerFigures()

async function peerFigures(): Promise<void> {
  for await (const peer of peerBrokers()) {
    try {
      head(peer.name)
      for (const clients of clientCounts) {
        await peerRow(peer, { name: 'send', clients, act: (client) => client.send(1) })
      }
      for (const clients of clientCounts) {
        await peerRow(peer, { name: 'send 10', clients, act: (client) => client.send(10) })
      }
      for (const clients of clientCounts) {
        await fillPeer(peer)
        const act = (client: PeerClient): Promise<number> => client.take()
        await peerRow(peer, { name: 'receive 10, delete', clients, act })
      }
    } finally {
      await peer.stop()
    }
  }
}

async function peerRow(
  peer: Peer,
  row: {
    readonly name: string
    readonly clients: number
    readonly act: (client: PeerClient) => Promise<number>
  },
): Promise<void> {
  const { name, clients, act } = row
  const all = await Promise.all(Array.from({ length: clients }, (_, n) => peer.connect(n)))
  const run = (): ReturnType<typeof closedLoops> =>
    closedLoops(clients, (client) => act(all[client]!), { seconds: peerSeconds, untilNone: true })
  await measured(name, clients, { run })
  for (const client of all) client.close()
}

async function fillPeer(peer: Peer): Promise<void> {
  const sender = await peer.connect(0)
  for (let sent = 0; sent < peerBacklog; sent += 1_000) await sender.send(1_000)
  sender.close()
}
