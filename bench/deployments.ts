import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startPlatform } from '../test/harness/platform.ts'
import { median, quantile, row } from './figures.ts'
import { longestAnswer } from './longest-answer.ts'
import { familyOf, usageOf } from './process-usage.ts'
import { caller, codedeploy } from './signed-caller.ts'
import { startFleet } from './simulated-fleet.ts'
import type { FleetPart } from './simulated-hosts.ts'

/**
 * One deployment to many hosts, and many deployments to few: registered hosts that are simulated in processes of their own and speak the
 * host-command protocol, signed, over loopback; the platform is the whole one. `EVENKEEL_BENCH_HOSTS=1000` makes it short.
 */
const hostsCount = Number(process.env['EVENKEEL_BENCH_HOSTS'] ?? 30_000)
const shapes = (process.env['EVENKEEL_BENCH_AGENTS'] ?? 'ours,AWS').split(',')
const configs = (process.env['EVENKEEL_BENCH_CONFIGS'] ?? 'AllAtOnce,HalfAtATime').split(',')
/** Commands of a host in a deployment without traffic control. */
const eventsOfAHost = 7
/** A group has one deployment at a time: each is used once. Above 3 a second, so that the last ones' time is no excuse. */
const rate = { perSecond: 3.5, seconds: 60, hosts: 3, groups: 210 }

const platform = await startPlatform()
const place = { endpoint: platform.endpoint, credentials: { ...platform.credentials } }
const call = caller(place, codedeploy, new Agent({ keepAlive: true, maxSockets: 64 }))
const serviceRoleArn = 'arn:aws:iam::000000000000:role/deploy'
const revision = await putRevision()
const arnOf = (name: string): string => `arn:aws:iam::000000000000:user/AWS/CodeDeploy/${name}`

try {
  await call('CreateApplication', { applicationName: 'bench' })
  if (hostsCount > 0) await manyHosts()
  if (process.env['EVENKEEL_BENCH_RATE'] !== 'off') await manyDeployments()
} finally {
  await platform.stop()
}

async function manyHosts(): Promise<void> {
  const names = Array.from({ length: hostsCount }, (_, n) => `host-${n}`)
  const began = performance.now()
  await register(names, 'fleet')
  row(`${hostsCount} hosts registered`, `${((performance.now() - began) / 1000).toFixed(1)} s`)
  await makeGroup('fleet', 'fleet')
  const columns = ['wall', 'requests', 'requests/s', 'server CPU', 'database CPU', 'hosts CPU']
  row('one deployment', ...columns, 'server peak', 'turned away', 'stall', 'GetDeployment')
  for (const shape of ['ours', 'AWS'] as const) {
    if (!shapes.includes(shape)) continue
    for (const config of configs) {
      await deployToAll({ place, shape, hosts: names.map(arnOf) }, config)
    }
  }
}

async function deployToAll(part: FleetPart, config: string): Promise<void> {
  const fleet = startFleet(part)
  try {
    const [server, database] = [usageOf([platform.pid()]), usageOf(databasePids())]
    const stall = longestAnswer(platform.endpoint)
    const began = performance.now()
    const deploymentId = await deploy('fleet', `CodeDeployDefault.${config}`)
    const slowest = await ended(deploymentId, 1000)
    const seconds = (performance.now() - began) / 1000
    const count = await fleet.count()
    const expected = part.hosts.length * eventsOfAHost
    if (count.completed !== expected) {
      throw new Error(`${count.completed} of ${expected} commands completed: ${count.lastFailure}`)
    }
    const { cpuSeconds, peakMegabytes } = usageOf([platform.pid()])
    const databaseCpu = usageOf(databasePids()).cpuSeconds - database.cpuSeconds
    row(
      `${part.shape === 'ours' ? 'our agent' : "AWS's agents"}, ${config}`,
      `${seconds.toFixed(0)} s`,
      `${count.requests}`,
      `${(count.requests / seconds).toFixed(0)}`,
      `${(cpuSeconds - server.cpuSeconds).toFixed(0)} s`,
      `${databaseCpu.toFixed(0)} s`,
      `${count.cpuSeconds.toFixed(0)} s`,
      `${peakMegabytes.toFixed(0)} MB`,
      `${count.failures}`,
      `${(await stall.stop()).toFixed(0)} ms`,
      `${slowest.toFixed(0)} ms`,
    )
    if (count.failures > 0) row(`last: ${count.lastFailure}`)
  } finally {
    await fleet.stop()
  }
}

/** As many deployments a second for a minute, each to hosts of its own group; all have to succeed. */
async function manyDeployments(): Promise<void> {
  const groups = Array.from({ length: rate.groups }, (_, n) => `group-${n}`)
  const hosts = groups.flatMap((group) =>
    Array.from({ length: rate.hosts }, (_, n) => `${group}-host-${n}`),
  )
  for (const group of groups) {
    await register(
      hosts.filter((host) => host.startsWith(`${group}-`)),
      group,
    )
    await makeGroup(group, group)
  }
  const fleet = startFleet({ place, shape: 'ours', hosts: hosts.map(arnOf) })
  try {
    const before = usageOf([platform.pid()])
    const times: Promise<number>[] = []
    const began = performance.now()
    const total = rate.perSecond * rate.seconds
    for (let n = 0; n < total; n++) {
      await delay(Math.max(0, began + (n * 1000) / rate.perSecond - performance.now()))
      const at = performance.now()
      const deploymentId = await deploy(
        groups[n % groups.length] ?? '',
        'CodeDeployDefault.OneAtATime',
      )
      const time = ended(deploymentId, 500).then(() => performance.now() - at)
      // Reported below, when all are waited for.
      time.catch(() => undefined)
      times.push(time)
    }
    const took = await Promise.all(times)
    const seconds = (performance.now() - began) / 1000
    const count = await fleet.count()
    if (count.completed !== total * rate.hosts * eventsOfAHost) {
      throw new Error(`${count.completed} commands completed: ${count.lastFailure}`)
    }
    row('deployments to 3 hosts, one at a time', 'a second', 'p50', 'p99', 'server CPU')
    row(
      `${total} deployments`,
      (total / seconds).toFixed(2),
      `${median(took).toFixed(0)} ms`,
      `${quantile(took, 0.99).toFixed(0)} ms`,
      `${(usageOf([platform.pid()]).cpuSeconds - before.cpuSeconds).toFixed(0)} s`,
    )
  } finally {
    await fleet.stop()
  }
}

async function register(names: readonly string[], fleet: string): Promise<void> {
  const left = [...names]
  const one = async (): Promise<void> => {
    for (let instanceName = left.pop(); instanceName !== undefined; instanceName = left.pop()) {
      const iamUserArn = arnOf(instanceName)
      await call('RegisterOnPremisesInstance', { instanceName, iamUserArn })
    }
  }
  await Promise.all(Array.from({ length: 64 }, one))
  for (let first = 0; first < names.length; first += 100) {
    await call('AddTagsToOnPremisesInstances', {
      tags: [{ Key: 'Fleet', Value: fleet }],
      instanceNames: names.slice(first, first + 100),
    })
  }
}

async function makeGroup(deploymentGroupName: string, fleet: string): Promise<void> {
  await call('CreateDeploymentGroup', {
    applicationName: 'bench',
    deploymentGroupName,
    serviceRoleArn,
    onPremisesInstanceTagFilters: [{ Key: 'Fleet', Value: fleet, Type: 'KEY_AND_VALUE' }],
  })
}

async function deploy(deploymentGroupName: string, deploymentConfigName: string): Promise<string> {
  const made = await call('CreateDeployment', {
    applicationName: 'bench',
    deploymentGroupName,
    deploymentConfigName,
    revision,
  })
  return made['deploymentId'] as string
}

/** The slowest answer to GetDeployment meanwhile, in milliseconds. */
async function ended(deploymentId: string, everyMilliseconds: number): Promise<number> {
  let slowest = 0
  for (;;) {
    const asked = performance.now()
    const answer = await call('GetDeployment', { deploymentId })
    slowest = Math.max(slowest, performance.now() - asked)
    const { status, errorInformation, deploymentOverview } = answer['deploymentInfo'] as {
      status: string
      errorInformation?: { message: string }
      deploymentOverview: Record<string, number>
    }
    if (status === 'Succeeded') {
      const { Succeeded = 0, ...others } = deploymentOverview
      const rest = Object.values(others).reduce((sum, count) => sum + count, 0)
      if (rest > 0) {
        const why = await whyFailed(deploymentId)
        throw new Error(`of ${Succeeded + rest} hosts ${rest} did not succeed, such as ${why}`)
      }
      return slowest
    }
    if (status === 'Failed' || status === 'Stopped') throw new Error(errorInformation?.message)
    await delay(everyMilliseconds)
  }
}

/** The events of one host that failed. */
async function whyFailed(deploymentId: string): Promise<string> {
  const targetFilters = { TargetStatus: ['Failed'] }
  const { targetIds } = await call('ListDeploymentTargets', { deploymentId, targetFilters })
  const [targetId] = targetIds as string[]
  if (targetId === undefined) return 'none that failed'
  const { deploymentTarget } = await call('GetDeploymentTarget', { deploymentId, targetId })
  return JSON.stringify(deploymentTarget)
}

async function putRevision(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'))
  try {
    writeFileSync(join(folder, 'appspec.yml'), 'version: 0.0\nos: linux\n')
    execFileSync('tar', ['-cf', join(folder, 'v1.tar'), '-C', folder, 'appspec.yml'])
    const s3 = new S3Client({ ...place, region: 'us-east-1', forcePathStyle: true })
    const Body = readFileSync(join(folder, 'v1.tar'))
    await s3.send(new CreateBucketCommand({ Bucket: 'bench' }))
    await s3.send(new PutObjectCommand({ Bucket: 'bench', Key: 'v1.tar', Body }))
    s3.destroy()
    const s3Location = { bucket: 'bench', key: 'v1.tar', bundleType: 'tar' }
    return { revisionType: 'S3', s3Location }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function databasePids(): readonly number[] {
  const file = join(platform.dataDirectory, 'postgres', 'postmaster.pid')
  return familyOf(Number(readFileSync(file, 'utf8').split('\n')[0]))
}
