import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { checkout, lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'
import { stackOutputs } from '../harness/website.ts'

interface Reservations {
  readonly Reservations: readonly {
    readonly Instances: readonly {
      readonly InstanceId: string
      readonly PublicIpAddress?: string
      readonly State: { readonly Name: string }
      readonly Placement: { readonly AvailabilityZone: string }
      readonly ImageId: string
    }[]
  }[]
}

const skip = await lacksAws()

describe("the first talk's EC2 template", { skip }, () => {
  let platform: Platform
  before(async () => {
    platform = await startPlatform()
  })
  after(async () => {
    await platform?.stop()
  })

  it('is refused before anything is made while its key pair does not exist', async () => {
    await assert.rejects(
      platform.aws(
        ...['cloudformation', 'create-stack', '--stack-name', 'talk'],
        ...['--template-body', `file://${checkout}/examples/talk/ec2.json`],
        ...['--parameters', 'ParameterKey=KeyName,ParameterValue=nobodys'],
      ),
      /ValidationError.*nobodys/s,
    )
    const found = (await platform.aws('ec2', 'describe-instances')) as unknown as Reservations
    assert.deepEqual(found.Reservations, [])
  })

  it('reaches CREATE_COMPLETE, and its outputs agree with describe-instances', async () => {
    await platform.aws('ec2', 'create-key-pair', '--key-name', 'mine')
    await platform.aws(
      ...['cloudformation', 'create-stack', '--stack-name', 'talk'],
      ...['--template-body', `file://${checkout}/examples/talk/ec2.json`],
      ...['--parameters', 'ParameterKey=KeyName,ParameterValue=mine'],
    )
    const outputs = await stackOutputs(platform, 'talk')
    const found = (await platform.aws(
      ...['ec2', 'describe-instances', '--instance-ids', outputs['InstanceId'] ?? ''],
    )) as unknown as Reservations
    const instance = found.Reservations[0]?.Instances[0]
    assert.equal(instance?.State.Name, 'running')
    assert.equal(instance.Placement.AvailabilityZone, outputs['AvailabilityZone'])
    assert.equal(instance.PublicIpAddress, outputs['PublicIP'])
    assert.equal(instance.ImageId, 'ami-76f0061f')
  })

  it('runs its user data, which the console and exec show', async () => {
    const { InstanceId = '' } = await stackOutputs(platform, 'talk')
    await until('user data ran', async () =>
      (await platform.evenkeel('logs', InstanceId)).includes('user data ran on'),
    )
    assert.equal(await platform.evenkeel('exec', InstanceId, '--', 'cat', '/root/port'), '80\n')
    const metadata = await platform.evenkeel(
      ...['exec', InstanceId, '--', '/opt/evenkeel/bin/node', '-e'],
      `const token = await (await fetch('http://169.254.169.254/latest/api/token', {
         method: 'PUT', headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' } })).text()
       const answer = await fetch('http://169.254.169.254/latest/meta-data/instance-id', {
         headers: { 'x-aws-ec2-metadata-token': token } })
       process.stdout.write(await answer.text())`,
    )
    assert.equal(metadata, InstanceId)
  })

  it('is deleted with all that it made', async () => {
    const { InstanceId = '' } = await stackOutputs(platform, 'talk')
    await platform.aws('cloudformation', 'delete-stack', '--stack-name', 'talk')
    await platform.aws('cloudformation', 'wait', 'stack-delete-complete', '--stack-name', 'talk')
    const found = (await platform.aws(
      ...['ec2', 'describe-instances', '--instance-ids', InstanceId],
    )) as unknown as Reservations
    assert.equal(found.Reservations[0]?.Instances[0]?.State.Name, 'terminated')
  })
})
