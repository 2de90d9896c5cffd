import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fleet } from '../test/harness/fleet.ts'
import { get, startPlatform, until } from '../test/harness/platform.ts'
import { quantile, row } from './figures.ts'

/** Hundreds of machines through the front door: RunInstances to user data, one balancer's targets, and how soon a registration is in force. */
const [machines = 400, targets = 200] = process.argv.slice(2).map(Number)
const single = 30
const changes = 20
/** Around a single launch, so that neither the questions for its figure nor the end of the one before are part of it. */
const restMilliseconds = 300

const milliseconds = (value: number): string => `${value.toFixed(1)} ms`
const platform = await startPlatform()
const fleet = new Fleet(platform)
try {
  await fleet.open()
  row('driver', platform.driver)
  row('', 'p50', 'p90', 'all')
  await singleLaunches()
  const ids = await manyLaunches()
  await oneBalancer(ids.slice(0, targets))
  await singleLaunches(', beside the others')
} finally {
  fleet.close()
  const begun = performance.now()
  await platform.stop()
  row('everything down', '', '', milliseconds(performance.now() - begun))
}

async function singleLaunches(where = ''): Promise<void> {
  const waits: number[] = []
  for (let n = 0; n < single; n++) {
    const calledAt = Date.now()
    const [id = ''] = await fleet.launch(n, 1)
    await delay(restMilliseconds)
    waits.push((await fleet.userDataAt(id)) - calledAt)
    await fleet.terminate([id])
    await fleet.ended(id)
    await delay(restMilliseconds)
  }
  row(`one launch${where}`, milliseconds(quantile(waits, 0.5)), milliseconds(quantile(waits, 0.9)))
}

async function manyLaunches(): Promise<readonly string[]> {
  const before = memoryAvailable()
  const calledAt = Date.now()
  const calls = [0, 1, 2].map((zone) => fleet.launch(zone, Math.ceil(machines / 3)))
  const ids = (await Promise.all(calls)).flat()
  await fleet.reached('running', ids.length)
  const all = Date.now() - calledAt
  const waits: number[] = []
  for (const id of ids) waits.push((await fleet.userDataAt(id)) - calledAt)
  row(
    `${ids.length} launches in three calls`,
    milliseconds(quantile(waits, 0.5)),
    milliseconds(quantile(waits, 0.9)),
    milliseconds(all),
  )
  row('memory each', `${((before - memoryAvailable()) / ids.length).toFixed(0)} KiB`)
  return ids
}

async function oneBalancer(ids: readonly string[]): Promise<void> {
  const { groupArn, dnsName } = await fleet.balance('fleet')
  const begun = performance.now()
  await fleet.register(groupArn, ids)
  await fleet.healthy(groupArn, ids.length)
  row(`${ids.length} targets healthy`, '', '', milliseconds(performance.now() - begun))
  const seen = new Set<string>()
  await until('every target has answered', async () => {
    for (let n = 0; n < 50; n++) seen.add((await get(platform, '/', dnsName)).body)
    return seen.size === ids.length
  })
  const folder = join(platform.runDirectory, 'gateways')
  const gateways = readdirSync(folder)
  await until('every node has its configuration', async () =>
    gateways.every((id) => existsSync(join(folder, id, 'configuration.json'))),
  )
  const [changing = ''] = ids
  const live: number[] = []
  const called: number[] = []
  for (let n = 0; n < changes; n++) {
    const isOut = n % 2 === 0
    const at = performance.now()
    const call = isOut
      ? fleet.deregister(groupArn, [changing])
      : fleet.register(groupArn, [changing])
    void call.then(() => called.push(performance.now() - at))
    await inForce(gateways, changing, isOut)
    live.push(performance.now() - at)
    await call
  }
  const nodes = `on ${gateways.length} nodes`
  row(
    `a registration in force ${nodes}`,
    milliseconds(quantile(live, 0.5)),
    milliseconds(quantile(live, 0.9)),
  )
  row('… its call answered', milliseconds(quantile(called, 0.5)))
}

async function inForce(gateways: readonly string[], id: string, isOut: boolean): Promise<void> {
  const end = Date.now() + 10_000
  while (Date.now() < end) {
    const all = fleet
      .configurations(gateways)
      .every(({ targetGroups }) =>
        targetGroups.some((group) =>
          group.targets.some(
            (target) => target.id === `${id}:80` && (target.state === 'draining') === isOut,
          ),
        ),
      )
    if (all) return
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error(`${id} is not in force after 10 s`)
}

/** In KiB; includes what the kernel keeps for namespaces and mounts. */
function memoryAvailable(): number {
  return Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1])
}
