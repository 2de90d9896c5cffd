import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  DescribeInstancesCommand,
  EC2Client,
  GetConsoleOutputCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2'
import { startPlatform, until, type Platform } from '../harness/platform.ts'

describe('machines', () => {
  let platform: Platform
  let ec2: EC2Client

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    ec2 = new EC2Client({ endpoint, credentials, region: 'us-east-1' })
  })

  after(async () => {
    ec2.destroy()
    await platform.stop()
  })

  async function launch(
    userData: string | Buffer | undefined,
    more: Partial<RunInstancesCommandInput> = {},
  ): Promise<string> {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-evenkeel',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        ...(userData !== undefined && { UserData: Buffer.from(userData).toString('base64') }),
        ...more,
      }),
    )
    const id = Instances?.[0]?.InstanceId ?? ''
    await reached(id, 'running')
    return id
  }

  async function reached(id: string, state: string): Promise<void> {
    await until(`${id} is ${state}`, async () => {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      return Reservations?.[0]?.Instances?.[0]?.State?.Name === state
    })
  }

  async function consoleOf(InstanceId: string): Promise<string> {
    const { Output } = await ec2.send(new GetConsoleOutputCommand({ InstanceId }))
    return Buffer.from(Output ?? '', 'base64').toString()
  }

  const consoleSays = (id: string, words: RegExp): Promise<string> =>
    until(`the console of ${id} says ${words}`, async () => {
      const text = await consoleOf(id)
      return words.test(text) ? text : undefined
    })

  const isIsolated = (): boolean => platform.driver === 'namespaces'

  it('does what cloud-config and scripts of multipart user data ask, in order', async (t) => {
    if (!isIsolated()) return t.skip('cloud-config needs the namespaces driver')
    const config = [
      '#cloud-config',
      'hostname: web-7',
      'groups: [{ web: [] }]',
      'users:',
      '- default',
      '- { name: ann, groups: web, shell: /bin/sh }',
      'write_files:',
      '- { path: /srv/a, content: aGVsbG8=, encoding: b64, permissions: "0640", owner: "ann:web", defer: true }',
      'packages: [no-such-thing]',
      'bootcmd: [echo boot]',
      'runcmd: [[echo, "run it"], "stat -c %U:%G:%a /srv/a; cat /srv/a; echo; hostname; id -nG ann"]',
      'growpart: { mode: auto }',
      'final_message: all done',
    ].join('\n')
    const text = [
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=B',
      '',
      '--B',
      'Content-Type: text/x-shellscript',
      '',
      '#!/bin/sh',
      'echo script',
      '--B',
      'Content-Type: text/cloud-config',
      '',
      config,
      '--B',
      'Content-Type: text/cloud-boothook',
      '',
      '#cloud-boothook',
      'echo "hook of $INSTANCE_ID"',
      '--B--',
    ].join('\n')
    const id = await launch(text)
    const said = await consoleSays(id, /user data ended with exit code/)
    const lines = said.split('\n').map((line) => line.trim())
    const expected = [
      `hook of ${id}`,
      'boot',
      'script',
      'run it',
      'ann:web:640',
      'hello',
      'web-7',
      'ann web',
      'cloud-init: all done',
    ]
    assert.deepEqual(
      lines.filter((line) => expected.includes(line)),
      expected,
      said,
    )
    assert.match(said, /the key growpart is not supported/)
    assert.match(said, /Failed to install packages: no-such-thing: /)
  })

  it('says of user data that is nothing known what cloud-init says', async () => {
    const id = await launch('hello there')
    await consoleSays(id, /Unhandled non-multipart \(text\/x-not-multipart\) userdata: 'b'hello/)
  })
})
