import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openAdmin, type Admin } from '../admin.ts'
import { CommandFailure, UsageError, type Command } from '../command.ts'
import { followDeployment } from '../deployment-view.ts'
import { planLines, readPlan } from '../deployment-plan.ts'
import { terminalScreen } from '../screen.ts'
import type { StackOutput } from './launch.ts'

export const deploy: Command = {
  name: 'deploy',
  summary: 'ship a folder with an appspec.yml through CodeDeploy and follow it host by host',
  usage: 'DIR [--plan] [--stack-name NAME | --application A --deployment-group G --bucket B]',
  flags: {
    'stack-name': {
      kind: 'text',
      help: 'take application, group and bucket from its outputs Application, DeploymentGroup, Bucket',
    },
    application: { kind: 'text', help: 'the CodeDeploy application' },
    'deployment-group': { kind: 'text', help: 'its deployment group' },
    bucket: { kind: 'text', help: 'the S3 bucket for the bundle' },
    plan: { kind: 'switch', help: 'print what it would do now, host by host, and touch nothing' },
    config: { kind: 'text', help: 'a deployment config', standard: "the group's own" },
  },
  async run(call) {
    const [folder] = call.positionals
    if (!folder) throw new UsageError('deploy needs the folder of a revision')
    if (!existsSync(join(folder, 'appspec.yml')) && !existsSync(join(folder, 'appspec.yaml'))) {
      throw new CommandFailure(
        `${folder} holds no appspec.yml; it tells CodeDeploy what to do with the files`,
      )
    }
    const admin = openAdmin(call)
    const destination = await destinationOf(admin, {
      stackName: call.text('stack-name'),
      application: call.text('application'),
      group: call.text('deployment-group'),
      bucket: call.text('bucket'),
    })
    const screen = terminalScreen()
    if (call.switched('plan')) {
      const plan = await readPlan(admin, { ...destination, config: call.text('config') })
      for (const line of call.switched('json') ? [JSON.stringify(plan)] : planLines(plan)) {
        screen.line(line)
      }
      return plan.end.status === 'Succeeded' ? 0 : 1
    }
    const deploymentId = await shipRevision(admin, {
      folder,
      destination,
      config: call.text('config'),
    })
    const succeeded = await followDeployment(admin, deploymentId, screen)
    if (call.switched('json')) screen.line(JSON.stringify({ deploymentId, succeeded }))
    return succeeded ? 0 : 1
  },
}

export interface Destination {
  readonly application: string
  readonly group: string
  readonly bucket: string
}

/** Named in full, by a stack's outputs, or, when there is exactly one stack that has them, by itself. */
export async function destinationOf(
  admin: Admin,
  named: {
    stackName: string | undefined
    application: string | undefined
    group: string | undefined
    bucket: string | undefined
  },
): Promise<Destination> {
  if (named.application && named.group && named.bucket) {
    return { application: named.application, group: named.group, bucket: named.bucket }
  }
  const { Stacks = [] } = await admin.call<{
    Stacks?: readonly { StackName: string; Outputs?: readonly StackOutput[] }[]
  }>('cloudformation', 'DescribeStacks', named.stackName ? { StackName: named.stackName } : {})
  const found = Stacks.flatMap((stack) => {
    const output = (key: string): string | undefined =>
      stack.Outputs?.find((candidate) => candidate.OutputKey === key)?.OutputValue
    const application = named.application ?? output('Application')
    const group = named.group ?? output('DeploymentGroup')
    const bucket = named.bucket ?? output('Bucket')
    return application && group && bucket ? [{ application, group, bucket }] : []
  })
  const [destination] = found
  if (!destination || found.length > 1) {
    throw new UsageError(
      `${found.length} stacks have the outputs Application, DeploymentGroup and Bucket; name one with --stack-name, or all three`,
    )
  }
  return destination
}

/** Packs the folder, uploads it, registers and deploys it. Returns the deployment's id. */
export async function shipRevision(
  admin: Admin,
  shipment: { folder: string; destination: Destination; config: string | undefined },
): Promise<string> {
  const { destination } = shipment
  const key = `${destination.application}/${new Date().toISOString().replace(/[:.]/g, '-')}.tgz`
  const packer = spawn('tar', ['-czf', '-', '-C', shipment.folder, '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const packed = new Promise<number | null>((resolve) => packer.once('exit', resolve))
  await admin.put('s3', 'PutObject', { Bucket: destination.bucket, Key: key }, packer.stdout)
  if ((await packed) !== 0) throw new CommandFailure(`tar could not pack ${shipment.folder}`)
  const made = await admin.call<{ deploymentId: string }>('codedeploy', 'CreateDeployment', {
    applicationName: destination.application,
    deploymentGroupName: destination.group,
    ...(shipment.config ? { deploymentConfigName: shipment.config } : {}),
    revision: {
      revisionType: 'S3',
      s3Location: { bucket: destination.bucket, key, bundleType: 'tgz' },
    },
  })
  return made.deploymentId
}
