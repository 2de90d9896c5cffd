import { readFileSync } from 'node:fs'
import { openHostFixture, type HostFixture } from '../test/conformance/host-fixture.ts'
import { probeDriver } from '../src/drivers/namespaces/index.ts'
import { faceOf, machineOf, networkOf } from '../src/testing/conformance/host-world.ts'
import { quantile, row } from './figures.ts'

/** From the call to the first line of user data, to the call's answer, and what an idle machine weighs. */
const vpc = 'vpc-bench'
const firstLine = '#!/bin/sh\ndate +%s%N\n'

const probe = await probeDriver()
process.stdout.write(`driver ${probe.driver} ${probe.userMap ?? ''}\n`)
row('machines, at a time', 'user data p50', 'user data p90', 'answer p50', 'all', 'memory each')
for (const [count, atATime] of [
  [1, 1],
  [50, 1],
  [200, 2],
] as const)
  await round(count, atATime)

async function round(count: number, atATime: number): Promise<void> {
  const fixture = await openHostFixture(probe.driver)
  const ids = Array.from({ length: count }, (_, n) => `i-${n + 1}`)
  const faces = ids.map((id, n) => faceOf(id, `10.0.${1 + (n % 2)}.${10 + Math.floor(n / 2)}`))
  await fixture.client.apply(networkOf(vpc, faces))
  const before = memoryAvailable()
  const begun = performance.now()
  const rest = [...ids]
  const launches: Launch[] = []
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (let id = rest.shift(); id !== undefined; id = rest.shift())
        launches.push(await launch(fixture, id))
    }),
  )
  const all = performance.now() - begun
  const each = (before - memoryAvailable()) / count
  const lines = await Promise.all(launches.map((one) => firstLineAt(fixture, one)))
  const milliseconds = (value: number): string => `${value.toFixed(1)} ms`
  row(
    `${count}, ${atATime}`,
    milliseconds(quantile(lines, 0.5)),
    milliseconds(quantile(lines, 0.9)),
    milliseconds(
      quantile(
        launches.map((one) => one.answered),
        0.5,
      ),
    ),
    milliseconds(all),
    `${each.toFixed(0)} KiB`,
  )
  await fixture.close()
}

interface Launch {
  readonly id: string
  readonly calledAt: number
  readonly answered: number
}

async function launch(fixture: HostFixture, id: string): Promise<Launch> {
  const calledAt = Date.now()
  const begun = performance.now()
  await fixture.client.launch(machineOf(id, vpc, firstLine))
  return { id, calledAt, answered: performance.now() - begun }
}

async function firstLineAt(fixture: HostFixture, { id, calledAt }: Launch): Promise<number> {
  for (;;) {
    const text = (await fixture.client.console(id, 1000)).toString()
    const nanoseconds = /^\d{19}$/m.exec(text)?.[0]
    if (nanoseconds) return Number(nanoseconds) / 1e6 - calledAt
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** In KiB; includes what the kernel keeps for namespaces and mounts. */
function memoryAvailable(): number {
  return Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1])
}
