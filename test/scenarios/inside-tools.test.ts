import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  checkout,
  get,
  lacksAws,
  output,
  startPlatform,
  until,
  type Platform,
} from '../harness/platform.ts'
import { stackOutputs } from '../harness/website.ts'

const skip = await lacksAws()

/** A server whose setup fails at a package that no machine here has. */
const broken = `
Resources:
  Server:
    Type: AWS::EC2::Instance
    CreationPolicy: { ResourceSignal: { Timeout: PT2M } }
    Metadata:
      AWS::CloudFormation::Init: { config: { packages: { yum: { no-such-package: [] } } } }
    Properties:
      ImageId: ami-evenkeel
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          cfn-init --stack \${AWS::StackName} --resource Server --region \${AWS::Region}
          cfn-signal -e $? --stack \${AWS::StackName} --resource Server --region \${AWS::Region}
          cfn-get-metadata --stack network --resource ServerGroup && touch /tmp/saw-another-stack
`

describe('machines set themselves up from their stack, and say when they are', { skip }, () => {
  let platform: Platform
  let folder: string

  before(async () => {
    platform = await startPlatform()
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-site-'))
  })
  after(async () => {
    await platform?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('a network and two web servers come up with one click', async (context) => {
    if (platform.driver !== 'namespaces') return context.skip('needs machines with their own files')
    await writeFile(
      join(folder, 'server.mjs'),
      `import { createServer } from 'node:http'
       createServer((_, response) => response.end('one click')).listen(process.env.PORT)`,
    )
    await output('tar', ['-czf', join(folder, 'site.tgz'), '-C', folder, 'server.mjs'])
    await platform.aws('s3api', 'create-bucket', '--bucket', 'one-click')
    const object = [
      '--bucket',
      'one-click',
      '--key',
      'site.tgz',
      '--body',
      join(folder, 'site.tgz'),
    ]
    await platform.aws('s3api', 'put-object', ...object)
    const template = `file://${checkout}/examples/one-click-network/template.yaml`
    await platform.aws(
      ...['cloudformation', 'create-stack', '--stack-name', 'network', '--template-body', template],
      ...['--parameters', 'ParameterKey=SiteBucket,ParameterValue=one-click'],
      ...['--capabilities', 'CAPABILITY_IAM'],
    )
    const outputs = await stackOutputs(platform, 'network')
    const answer = await get(platform, '/', outputs['DNSName'])
    assert.equal(answer.status, 200)
    assert.equal(answer.body, 'one click')
    const [first = ''] = (outputs['Servers'] ?? '').split(',')
    const log = await platform.evenkeel('exec', first, '--', 'cat', '/var/log/cfn-init.log')
    assert.match(log, /package tar is there/)
    assert.match(log, /site\.tgz was unpacked to \/srv\/site/)
    const hup = await platform.evenkeel('exec', first, '--', 'systemctl', 'is-active', 'site')
    assert.equal(hup, 'active\n')
  })

  it('the classic multi-tier template is complete after its signals, and its URL answers', async (context) => {
    if (platform.driver !== 'namespaces') return context.skip('needs machines with their own files')
    const template = `file://${checkout}/examples/classic/template.json`
    const create = ['cloudformation', 'create-stack', '--stack-name', 'classic']
    await platform.aws(...create, '--template-body', template)
    const outputs = await stackOutputs(platform, 'classic')
    const { StackEvents } = (await platform.aws(
      ...['cloudformation', 'describe-stack-events', '--stack-name', 'classic'],
    )) as { StackEvents: { LogicalResourceId: string; ResourceStatus: string }[] }
    const [stack, condition] = StackEvents.filter(
      ({ ResourceStatus }) => ResourceStatus === 'CREATE_COMPLETE',
    )
    assert.equal(stack?.LogicalResourceId, 'classic')
    assert.equal(condition?.LogicalResourceId, 'WaitCondition')
    const answer = await until('the balancer to find its servers healthy', async () => {
      const found = await get(platform, '/', new URL(outputs['URL'] ?? '').hostname)
      return found.status === 200 ? found : undefined
    })
    assert.equal(answer.body, '<h1>classic</h1>\n')
  })

  it('a server that cannot be set up fails its stack, and its log says why', async (context) => {
    if (platform.driver !== 'namespaces') return context.skip('needs machines with their own files')
    const template = join(folder, 'broken.yaml')
    await writeFile(template, broken)
    await platform.aws(
      ...['cloudformation', 'create-stack', '--stack-name', 'broken', '--disable-rollback'],
      ...['--template-body', `file://${template}`],
    )
    await assert.rejects(stackOutputs(platform, 'broken'), /CREATE_FAILED/)
    const { StackResourceDetail: detail } = (await platform.aws(
      ...['cloudformation', 'describe-stack-resource'],
      ...['--stack-name', 'broken', '--logical-resource-id', 'Server'],
    )) as { StackResourceDetail: { PhysicalResourceId: string; ResourceStatusReason: string } }
    assert.match(detail.ResourceStatusReason, /FAILURE signal/)
    const id = detail.PhysicalResourceId
    const log = await platform.evenkeel('exec', id, '--', 'cat', '/var/log/cfn-init.log')
    assert.match(log, /package no-such-package is not there, and installing it failed/)
    await assert.rejects(
      platform.evenkeel('exec', id, '--', 'test', '-e', '/tmp/saw-another-stack'),
      'a machine sees its own stack alone',
    )
  })
})
