import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkout, get, output, until, type Platform } from './platform.ts'

export const website = join(checkout, 'examples/website')

/** A running example stack, its names as the stack's outputs give them. */
export interface Site {
  readonly stackName: string
  readonly dnsName: string
  readonly bucket: string
  readonly application: string
  readonly deploymentGroup: string
  readonly autoScalingGroup: string
}

interface Described {
  readonly Stacks: readonly [
    {
      readonly StackStatus: string
      readonly StackStatusReason?: string
      readonly Outputs?: readonly { OutputKey: string; OutputValue: string }[]
    },
  ]
}

/** Has the example stack created with the official CLI, and waits for nothing. */
export async function beginSite(platform: Platform, stackName: string): Promise<void> {
  await platform.aws(
    ...['cloudformation', 'create-stack', '--stack-name', stackName],
    ...['--template-body', `file://${website}/template.yaml`, '--capabilities', 'CAPABILITY_IAM'],
  )
}

/** The same, and waits until it is complete. */
export async function createSite(platform: Platform, stackName: string): Promise<Site> {
  await beginSite(platform, stackName)
  const outputs = await stackOutputs(platform, stackName)
  return {
    stackName,
    dnsName: outputs['DNSName'] ?? '',
    bucket: outputs['Bucket'] ?? '',
    application: outputs['Application'] ?? '',
    deploymentGroup: outputs['DeploymentGroup'] ?? '',
    autoScalingGroup: outputs['AutoScalingGroup'] ?? '',
  }
}

/** The outputs of a stack once it is complete; fails with its reason when it ends otherwise. */
export async function stackOutputs(
  platform: Platform,
  stackName: string,
): Promise<Readonly<Record<string, string>>> {
  const stack = await until(
    `stack ${stackName} is complete`,
    async () => {
      const [described] = (
        (await platform.aws(
          ...['cloudformation', 'describe-stacks', '--stack-name', stackName],
        )) as unknown as Described
      ).Stacks
      return described.StackStatus.endsWith('_IN_PROGRESS') ? undefined : described
    },
    120_000,
  )
  if (stack.StackStatus !== 'CREATE_COMPLETE') {
    throw new Error(`stack ${stackName} is ${stack.StackStatus}: ${stack.StackStatusReason ?? ''}`)
  }
  return Object.fromEntries(
    (stack.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]),
  )
}

/** A copy of a revision that a test may change. The caller removes it. */
export async function copyRevision(version: 'v1' | 'v2'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-revision-'))
  await cp(join(website, version), folder, { recursive: true })
  return folder
}

/** v2's pages with a ValidateService hook that refuses. */
export async function brokenRevision(): Promise<string> {
  const folder = await copyRevision('v2')
  const page = join(folder, 'site/index.html')
  const text = await readFile(page, 'utf8')
  await writeFile(page, text.replaceAll('v2', 'v3'))
  await writeFile(
    join(folder, 'scripts/validate.sh'),
    '#!/bin/sh\necho "checking the shop window"\necho "the window is broken" >&2\nexit 1\n',
    { mode: 0o755 },
  )
  return folder
}

/** Packs, uploads and deploys a folder with the official CLI; the deployment's id. */
export async function deployFolder(
  platform: Platform,
  site: Site,
  options: { folder: string; key: string; config?: string; targetInstances?: object },
): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'evenkeel-bundle-'))
  try {
    const bundle = join(work, options.key)
    await output('tar', ['-czf', bundle, '-C', options.folder, '.'])
    await platform.aws('s3', 'cp', '--no-progress', bundle, `s3://${site.bucket}/${options.key}`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  const location = `bucket=${site.bucket},key=${options.key},bundleType=tgz`
  await platform.aws(
    ...['deploy', 'register-application-revision', '--application-name', site.application],
    ...['--s3-location', location],
  )
  const made = await platform.aws(
    ...['deploy', 'create-deployment', '--application-name', site.application],
    ...['--deployment-group-name', site.deploymentGroup, '--s3-location', location],
    ...(options.config ? ['--deployment-config-name', options.config] : []),
    ...(options.targetInstances
      ? ['--target-instances', JSON.stringify(options.targetInstances)]
      : []),
  )
  return String(made['deploymentId'])
}

export interface DeploymentView {
  readonly status: string
  readonly errorInformation?: { readonly code: string; readonly message: string }
  readonly rollbackInfo?: { readonly rollbackDeploymentId?: string }
}

/** The deployment when it has ended. */
export async function endedDeployment(
  platform: Platform,
  deploymentId: string,
  withinMilliseconds = 120_000,
): Promise<DeploymentView> {
  return until(
    `deployment ${deploymentId} has ended`,
    async () => {
      const answer = (await platform.aws(
        ...['deploy', 'get-deployment', '--deployment-id', deploymentId],
      )) as { deploymentInfo: DeploymentView }
      const { status } = answer.deploymentInfo
      return ['Succeeded', 'Failed', 'Stopped'].includes(status) ? answer.deploymentInfo : undefined
    },
    withinMilliseconds,
  )
}

export interface Who {
  readonly instanceId: string
  readonly zone: string
  readonly version: string
}

/** Asks the site until each of `count` instances has answered. */
export async function everyoneWho(
  platform: Platform,
  site: Site,
  count: number,
): Promise<readonly Who[]> {
  const seen = new Map<string, Who>()
  await until(`${count} instances answer`, async () => {
    const answer = await get(platform, '/who', site.dnsName)
    if (answer.status !== 200) return undefined
    const who = JSON.parse(answer.body) as Who
    seen.set(who.instanceId, who)
    return seen.size >= count
  })
  return [...seen.values()]
}

/** Deploys v1 to every host at once, and gives who then answers: all three instances. */
export async function serveFirstRevision(platform: Platform, site: Site): Promise<readonly Who[]> {
  const deploymentId = await deployFolder(platform, site, {
    folder: `${website}/v1`,
    key: 'v1.tgz',
    config: 'CodeDeployDefault.AllAtOnce',
  })
  assert.equal((await endedDeployment(platform, deploymentId)).status, 'Succeeded')
  return everyoneWho(platform, site, 3)
}
