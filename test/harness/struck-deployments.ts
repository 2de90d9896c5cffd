import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch'
import {
  BatchGetDeploymentTargetsCommand,
  CodeDeployClient,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
  ListDeploymentTargetsCommand,
  type DeploymentInfo,
  type InstanceTarget,
} from '@aws-sdk/client-codedeploy'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startLoad, type Load } from './load.ts'
import { get, startPlatform, until, type Platform } from './platform.ts'
import { killTree, machinePid, pidOf } from './processes.ts'
import { copyRevision, createSite, serveFirstRevision, type Site, type Who } from './website.ts'

/** What strikes while one host is in an event of a deployment in place, with real processes. */
export const realFaults = [
  'agent killed',
  'server killed',
  'host lost',
  'hook hangs',
  'bundle corrupt',
  'disk full',
  'alarm rings',
] as const
export type RealFault = (typeof realFaults)[number]

export const eventsInPlace = [
  ...['BeforeBlockTraffic', 'BlockTraffic', 'AfterBlockTraffic', 'ApplicationStop'],
  ...['DownloadBundle', 'BeforeInstall', 'Install', 'AfterInstall', 'ApplicationStart'],
  ...['ValidateService', 'BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic'],
] as const
export type EventInPlace = (typeof eventsInPlace)[number]

const withoutScripts: readonly string[] = [
  'BlockTraffic',
  'DownloadBundle',
  'Install',
  'AllowTraffic',
]

/** Whether a fault can meet an event at all: a hook hangs where there are hooks, a bundle is read once, a disk fills where files are written. */
export function canStrike(event: EventInPlace, fault: RealFault): boolean {
  if (fault === 'hook hangs') return !withoutScripts.includes(event)
  if (fault === 'bundle corrupt') return event === 'DownloadBundle'
  if (fault === 'disk full') return !event.match(/^(Block|Allow)Traffic$/) && event !== 'Install'
  return true
}

/** How AWS documents the end. */
export function documentedEnd(fault: RealFault): string {
  if (fault === 'agent killed' || fault === 'server killed') return 'Succeeded'
  return fault === 'alarm rings'
    ? 'Stopped ALARM_ACTIVE, rolled back'
    : 'Failed HEALTH_CONSTRAINTS, rolled back'
}

/** Each hook begins with it: on the host and in the event that `/etc/strike` names, it does once what is asked there. */
const strikeScript = `#!/bin/sh
[ -f /etc/strike ] || exit 0
read event action < /etc/strike
[ "$event" = "$LIFECYCLE_EVENT" ] || exit 0
rm -f /etc/strike
case $action in
  wait) sleep 2 ;;
  hang) sleep 60 ;;
  full) echo "as much as there is" > /dev/full ;;
esac
`

const ownScripts: Readonly<Record<string, string>> = {
  ApplicationStop: 'stop.sh',
  AfterInstall: 'identify.sh',
  ApplicationStart: 'start.sh',
  ValidateService: 'validate.sh',
}

const alarmName = 'errors'

/** The example site, three hosts behind a balancer, and deployments that are struck one after another. */
export class StruckSite {
  readonly platform: Platform
  readonly #site: Site
  readonly #deploy: CodeDeployClient
  readonly #s3: S3Client
  readonly #cloudwatch: CloudWatchClient
  #current: 'v1' | 'v2' = 'v1'
  #count = 0

  private constructor(platform: Platform, site: Site) {
    this.platform = platform
    this.#site = site
    const { endpoint, credentials } = platform
    const options = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
    this.#deploy = new CodeDeployClient(options)
    this.#s3 = new S3Client({ ...options, forcePathStyle: true })
    this.#cloudwatch = new CloudWatchClient(options)
  }

  static async start(): Promise<StruckSite> {
    const platform = await startPlatform()
    const site = await createSite(platform, 'shop')
    await serveFirstRevision(platform, site)
    const struck = new StruckSite(platform, site)
    await struck.#cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: alarmName,
        Namespace: 'Drill',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'ignore',
      }),
    )
    // Deployments begin with the hooks of the revision before: it must have them too.
    assert.equal(
      (await struck.#ended(await struck.#begin('v1', 'CodeDeployDefault.AllAtOnce'))).status,
      'Succeeded',
    )
    return struck
  }

  async stop(): Promise<void> {
    await this.platform.stop()
  }

  /** Deploys the other version under load, strikes its first host in the event, and says how it ended; holds the capacity to its minimum. */
  async strike(event: EventInPlace, fault: RealFault): Promise<string> {
    const next = this.#current === 'v1' ? 'v2' : 'v1'
    await this.#ring('OK')
    const victim = await this.#firstHost()
    const isScript = !withoutScripts.includes(event)
    const action = fault === 'hook hangs' ? 'hang' : fault === 'disk full' ? 'full' : 'wait'
    // Where an event has no script, the one before it holds the host until all is ready.
    const before = eventsInPlace[eventsInPlace.indexOf(event) - 1] ?? event
    await this.#inside(
      victim,
      `echo ${isScript ? `${event} ${action}` : `${before} wait`} > /etc/strike`,
    )
    const load = await startLoad({
      url: `http://127.0.0.1:${this.platform.sitePort}/who`,
      ratePerSecond: 20,
      host: this.#site.dnsName,
    })
    try {
      return await this.#play({ event, fault, victim, next, load })
    } finally {
      await load.stop()
      await this.#inside(victim, 'rm -f /etc/strike').catch(() => undefined)
    }
  }

  async #play(drill: {
    readonly event: EventInPlace
    readonly fault: RealFault
    readonly victim: string
    readonly next: 'v1' | 'v2'
    readonly load: Load
  }): Promise<string> {
    const { event, fault, victim, next, load } = drill
    const id = await this.#begin(next)
    await this.#reach(id, victim, event)
    const struckAt = Date.now()
    const undo = await this.#hit(fault, { victim, id, event, key: `struck-${this.#count}.tgz` })
    const ended = await this.#ended(id)
    await undo()
    const end = await this.#describe(ended)
    if (end === 'Succeeded') this.#current = next
    await this.#everyoneServes(fault === 'host lost' ? victim : undefined)
    const { records, failed } = await load.stop()
    assert.ok(records.length > 0)
    // What was on its way to a killed host cannot be saved.
    const late = failed.filter((one) => fault !== 'host lost' || one.at > struckAt + 500)
    assert.deepEqual(late, [], 'no request of a visitor failed')
    return end
  }

  async #begin(version: 'v1' | 'v2', config?: string): Promise<string> {
    const folder = await struckRevision(version)
    const key = `struck-${++this.#count}.tgz`
    try {
      const Body = execFileSync('tar', ['-cz', '-C', folder, '.'])
      await this.#s3.send(new PutObjectCommand({ Bucket: this.#site.bucket, Key: key, Body }))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    const { deploymentId = '' } = await this.#deploy.send(
      new CreateDeploymentCommand({
        applicationName: this.#site.application,
        deploymentGroupName: this.#site.deploymentGroup,
        revision: {
          revisionType: 'S3',
          s3Location: { bucket: this.#site.bucket, key, bundleType: 'tgz' },
        },
        ...(config !== undefined && { deploymentConfigName: config }),
        autoRollbackConfiguration: {
          enabled: true,
          events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
        },
        overrideAlarmConfiguration: { enabled: true, alarms: [{ name: alarmName }] },
      }),
    )
    return deploymentId
  }

  async #firstHost(): Promise<string> {
    const text = await this.platform.evenkeel('deploy', 'examples/website/v1', '--plan', '--json')
    const plan = JSON.parse(text) as { waves: readonly { hosts: readonly string[] }[] }
    return plan.waves[0]?.hosts[0] ?? ''
  }

  /** The moment in which the victim is in the event, or about to be where an event has no script to hold it. */
  async #reach(id: string, victim: string, event: EventInPlace): Promise<void> {
    const previous = eventsInPlace[eventsInPlace.indexOf(event) - 1]
    const isScript = !withoutScripts.includes(event)
    await until(`${victim} is in ${event}`, async () => {
      const target = (await this.#targets(id)).find(({ targetId }) => targetId === victim)
      const statusOf = (name: string | undefined): string | undefined =>
        target?.lifecycleEvents?.find((one) => one.lifecycleEventName === name)?.status
      const isHeld = statusOf(isScript ? event : previous) === 'InProgress'
      return isHeld || target?.status === 'Failed'
    })
  }

  /** Gives what undoes it. */
  async #hit(
    fault: RealFault,
    at: {
      readonly victim: string
      readonly id: string
      readonly event: EventInPlace
      readonly key: string
    },
  ): Promise<() => Promise<void>> {
    const { platform } = this
    const nothing = (): Promise<void> => Promise.resolve()
    switch (fault) {
      case 'hook hangs':
        return nothing
      case 'agent killed':
        await this.#untilIn(at)
        process.kill(pidOf(platform, 'agent'), 'SIGKILL')
        return nothing
      case 'server killed':
        await this.#untilIn(at)
        process.kill(platform.pid(), 'SIGKILL')
        await platform.up()
        return nothing
      case 'host lost':
        await this.#untilIn(at)
        killTree(machinePid(platform, at.victim))
        return nothing
      case 'alarm rings':
        await this.#ring('ALARM')
        return nothing
      case 'bundle corrupt': {
        const Body = Buffer.from('not what it was')
        const place = { Bucket: this.#site.bucket, Key: at.key }
        await this.#s3.send(new PutObjectCommand({ ...place, Body }))
        return nothing
      }
      case 'disk full':
        return at.event === 'DownloadBundle' ? this.#fillDisk(at) : nothing
    }
  }

  /** Events without scripts are short: the blow comes a moment after the one before has let go. */
  async #untilIn(at: { readonly event: EventInPlace }): Promise<void> {
    if (withoutScripts.includes(at.event)) await new Promise((resolve) => setTimeout(resolve, 2000))
  }

  /** A disk of 8 KB where the agent unpacks this deployment's bundle, in the machine's own mounts; its rollback has room. */
  async #fillDisk(at: {
    readonly victim: string
    readonly id: string
  }): Promise<() => Promise<void>> {
    const { application: applicationName, deploymentGroup: deploymentGroupName } = this.#site
    const { deploymentGroupInfo } = await this.#deploy.send(
      new GetDeploymentGroupCommand({ applicationName, deploymentGroupName }),
    )
    const group = deploymentGroupInfo?.deploymentGroupId ?? ''
    const place = `/opt/codedeploy-agent/deployment-root/${group}/${at.id}`
    await this.#inside(at.victim, `mkdir -p ${place}`)
    const enter = ['-t', String(machinePid(this.platform, at.victim)), '-m']
    const mount = ['mount', '-t', 'tmpfs', '-o', 'size=8k,mode=755', 'tmpfs', place]
    execFileSync('nsenter', [...enter, ...mount])
    return () => {
      spawnSync('nsenter', [...enter, 'umount', '-l', place])
      return Promise.resolve()
    }
  }

  async #ring(StateValue: 'OK' | 'ALARM'): Promise<void> {
    const input = { AlarmName: alarmName, StateValue, StateReason: 'a drill' }
    await this.#cloudwatch.send(new SetAlarmStateCommand(input))
  }

  async #inside(machineId: string, script: string): Promise<void> {
    await this.platform.evenkeel('exec', machineId, '--', 'sh', '-c', script)
  }

  async #targets(deploymentId: string): Promise<readonly InstanceTarget[]> {
    const { targetIds = [] } = await this.#deploy.send(
      new ListDeploymentTargetsCommand({ deploymentId }),
    )
    if (targetIds.length === 0) return []
    const { deploymentTargets = [] } = await this.#deploy.send(
      new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds }),
    )
    return deploymentTargets.flatMap((target) => target.instanceTarget ?? [])
  }

  /** The server may be away meanwhile. */
  async #ended(deploymentId: string): Promise<DeploymentInfo> {
    return until(
      `${deploymentId} has ended`,
      async () => {
        const get = new GetDeploymentCommand({ deploymentId })
        const answer = await this.#deploy.send(get).catch(() => undefined)
        const status = answer?.deploymentInfo?.status ?? ''
        return ['Succeeded', 'Failed', 'Stopped'].includes(status)
          ? answer?.deploymentInfo
          : undefined
      },
      120_000,
    )
  }

  async #describe(ended: DeploymentInfo): Promise<string> {
    if (ended.status === 'Succeeded') return 'Succeeded'
    const what = `${ended.status} ${ended.errorInformation?.code}`
    const back = ended.rollbackInfo?.rollbackDeploymentId
    if (back === undefined) return `${what}, not rolled back`
    const { status } = await this.#ended(back)
    return `${what}, ${status === 'Succeeded' ? 'rolled back' : `rollback ${status}`}`
  }

  /** Three hosts, all with the version that they are to have. */
  async #everyoneServes(lost: string | undefined): Promise<void> {
    const seen = new Map<string, string>()
    await until(
      `three hosts answer with ${this.#current}`,
      async () => {
        const answer = await get(this.platform, '/who', this.#site.dnsName)
        if (answer.status !== 200) return undefined
        const who = JSON.parse(answer.body) as Who
        seen.set(who.instanceId, who.version)
        if (lost !== undefined) seen.delete(lost)
        return seen.size === 3 && [...seen.values()].every((version) => version === this.#current)
      },
      60_000,
    )
  }
}

/** The example's version with a script before each of its hooks. */
async function struckRevision(version: 'v1' | 'v2'): Promise<string> {
  const folder = await copyRevision(version)
  await writeFile(join(folder, 'scripts/strike.sh'), strikeScript, { mode: 0o755 })
  const path = join(folder, 'appspec.yml')
  const text = await readFile(path, 'utf8')
  const hooks = eventsInPlace
    .filter((event) => !withoutScripts.includes(event))
    .map((event) => {
      const own = ownScripts[event]
      const script = own === undefined ? '' : `    - location: scripts/${own}\n      timeout: 60\n`
      return `  ${event}:\n    - location: scripts/strike.sh\n      timeout: 5\n${script}`
    })
  await writeFile(path, `${text.slice(0, text.indexOf('hooks:'))}hooks:\n${hooks.join('')}`)
  return folder
}
