import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import {
  CodeDeployClient,
  CreateApplicationCommand,
  CreateDeploymentCommand,
  CreateDeploymentGroupCommand,
  GetDeploymentCommand,
  ListDeploymentTargetsCommand,
  type BundleType,
  type DeploymentInfo,
} from '@aws-sdk/client-codedeploy'
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { pack, type Header } from 'tar-stream'
import { startPlatform, until, type Platform } from '../harness/platform.ts'

const names = { applicationName: 'shop', deploymentGroupName: 'web' }
const bucket = 'bundles'
const appspec = [
  'version: 0.0',
  'os: linux',
  'files:',
  '  - source: page.html',
  '    destination: /srv/shop',
].join('\n')

describe('bundles that may not reach a host', () => {
  let platform: Platform
  let ec2: EC2Client
  let s3: S3Client
  let deploy: CodeDeployClient
  let host = ''

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    const options = { endpoint, credentials, region: 'us-east-1' }
    ec2 = new EC2Client(options)
    s3 = new S3Client(options)
    deploy = new CodeDeployClient(options)
    const { Instances: [launched] = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12345678',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'role', Value: 'web' }] }],
      }),
    )
    host = launched?.InstanceId ?? ''
    await s3.send(new CreateBucketCommand({ Bucket: bucket }))
    await deploy.send(new CreateApplicationCommand({ applicationName: names.applicationName }))
    await deploy.send(
      new CreateDeploymentGroupCommand({
        ...names,
        serviceRoleArn: 'arn:aws:iam::000000000000:role/deployer',
        ec2TagFilters: [{ Key: 'role', Value: 'web', Type: 'KEY_AND_VALUE' }],
      }),
    )
    await until('the host runs', async () => {
      const { Reservations = [] } = await ec2.send(
        new DescribeInstancesCommand({ InstanceIds: [host] }),
      )
      return Reservations[0]?.Instances?.[0]?.State?.Name === 'running'
    })
  })
  after(async () => {
    for (const client of [ec2, s3, deploy]) client?.destroy()
    await platform?.stop()
  })

  async function deployed(
    key: string,
    bundleType: BundleType,
    body: Buffer,
  ): Promise<{ deploymentId: string; ended: DeploymentInfo }> {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
    const { deploymentId = '' } = await deploy.send(
      new CreateDeploymentCommand({
        ...names,
        revision: { revisionType: 'S3', s3Location: { bucket, key, bundleType } },
      }),
    )
    const ended = await until(`deployment ${deploymentId} of ${key} has ended`, async () => {
      const { deploymentInfo } = await deploy.send(new GetDeploymentCommand({ deploymentId }))
      const isOver = ['Succeeded', 'Failed', 'Stopped'].includes(deploymentInfo?.status ?? '')
      return isOver ? deploymentInfo : undefined
    })
    return { deploymentId, ended }
  }

  /** What a deployment would have left on the host. */
  function onTheHost(): Promise<string> {
    const look = 'find /srv /opt/codedeploy-agent /tmp /etc -newer /proc/1 2>/dev/null | sort; ls /'
    return platform.evenkeel('exec', host, '--', 'sh', '-c', look)
  }

  /** The deployment fails with this reason, has no targets, and the host is as it was. */
  async function refused(
    key: string,
    bundleType: BundleType,
    body: Buffer,
    reason: RegExp,
  ): Promise<void> {
    const before = await onTheHost()
    const { deploymentId, ended } = await deployed(key, bundleType, body)
    assert.equal(ended.status, 'Failed', key)
    assert.equal(ended.errorInformation?.code, 'INVALID_REVISION', ended.errorInformation?.message)
    assert.match(ended.errorInformation?.message ?? '', reason)
    const { targetIds = [] } = await deploy.send(new ListDeploymentTargetsCommand({ deploymentId }))
    assert.deepEqual(targetIds, [], 'no host may be touched')
    assert.equal(await onTheHost(), before)
  }

  it('refuses bombs while it reads them, whatever they claim', async () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024)
    const spec = { name: 'appspec.yml', body: Buffer.from(appspec) }
    await refused('bomb.zip', 'zip', zipOf([spec, { name: 'page.html', body: zeros }]), /bomb/)
    await refused(
      'bomb.tgz',
      'tgz',
      gzipSync(await tarOf([spec, { name: 'page.html', body: zeros }])),
      /bomb/,
    )
    const liar = zipOf([spec, { name: 'page.html', body: zeros, claims: 10 }])
    await refused('liar.zip', 'zip', liar, /bundle/)
  })

  it('refuses paths that climb out of the folder', async () => {
    const spec = { name: 'appspec.yml', body: Buffer.from(appspec) }
    const body = Buffer.from('got out')
    for (const name of ['../page.html', 'a/../../../etc/shadow', '/etc/cron.d/page']) {
      await refused('climb.zip', 'zip', zipOf([spec, { name, body }]), /\.\.|absolute/)
      await refused(
        'climb.tgz',
        'tgz',
        gzipSync(await tarOf([spec, { name, body }])),
        /climbs out|absolute/,
      )
    }
  })

  it('refuses links out of the folder, and files under links', async () => {
    const spec = { name: 'appspec.yml', body: Buffer.from(appspec) }
    const link = { name: 'l', body: Buffer.from('../../etc'), mode: 0o120777 }
    await refused('link.zip', 'zip', zipOf([spec, link]), /link l points out/)
    const cases: readonly (readonly [readonly Item[], RegExp])[] = [
      [[{ name: 'l', type: 'symlink', linkname: '/etc' }], /link l points out/],
      [[{ name: 'a/l', type: 'symlink', linkname: '../../x' }], /points out/],
      [
        [
          { name: 'l', type: 'symlink', linkname: 'd' },
          { name: 'l/x', body: Buffer.from('x') },
        ],
        /lies under the link/,
      ],
      [[{ name: 'h', type: 'link', linkname: '/etc/passwd' }], /absolute path/],
      [[{ name: 'dev', type: 'character-device' }], /neither a file/],
    ]
    for (const [items, reason] of cases) {
      await refused('link.tgz', 'tgz', gzipSync(await tarOf([spec, ...items])), reason)
      await refused('link.tar', 'tar', await tarOf([spec, ...items]), reason)
    }
  })

  it('refuses what is no bundle, and one without a readable appspec', async () => {
    const noise = Buffer.from('this is no archive at all, is it?'.repeat(50))
    await refused('noise.zip', 'zip', noise, /not a readable zip/)
    await refused('noise.tgz', 'tgz', noise, /not a readable tgz/)
    await refused('empty.zip', 'zip', Buffer.alloc(0), /not a readable zip/)
    const page = { name: 'page.html', body: Buffer.from('page') }
    await refused('bare.tgz', 'tgz', gzipSync(await tarOf([page])), /no appspec\.yml/)
    const broken = (text: string): Buffer =>
      zipOf([{ name: 'appspec.yml', body: Buffer.from(text) }, page])
    await refused('yaml.zip', 'zip', broken('version: [\n'), /not valid/)
    await refused('hooks.zip', 'zip', broken('version: 0.0\nos: linux\nhooks: 5\n'), /not valid/)
    await refused('os.zip', 'zip', broken('version: 0.0\nos: windows\n'), /not valid/)
  })

  it('does not let an appspec name files outside of its bundle', async () => {
    const body = Buffer.from(appspec.replace('page.html', '../../../../etc/hostname'))
    const { ended } = await deployed('outside.zip', 'zip', zipOf([{ name: 'appspec.yml', body }]))
    assert.equal(ended.status, 'Failed')
    const look = ['exec', host, '--', 'sh', '-c', 'ls /srv/shop 2>/dev/null || true']
    assert.equal(await platform.evenkeel(...look), '')
  })

  it('serves a good bundle after all of these', async () => {
    const bundle = zipOf([
      { name: 'appspec.yml', body: Buffer.from(appspec) },
      { name: 'page.html', body: Buffer.from('welcome') },
    ])
    const { ended } = await deployed('good.zip', 'zip', bundle)
    assert.equal(ended.status, 'Succeeded', ended.errorInformation?.message)
    const page = await platform.evenkeel('exec', host, '--', 'cat', '/srv/shop/page.html')
    assert.equal(page, 'welcome')
  })
})

interface Item extends Omit<Partial<Header>, 'name'> {
  readonly name: string
  readonly body?: Buffer
}

async function tarOf(items: readonly Item[]): Promise<Buffer> {
  const output = pack()
  for (const { body, ...header } of items) output.entry(header as Header, body ?? '')
  output.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of output as unknown as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A zip by hand: names and sizes may lie. */
function zipOf(
  items: readonly { name: string; body: Buffer; claims?: number; mode?: number }[],
): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, body, claims, mode = 0o100644 } of items) {
    const packed = deflateRawSync(body)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(body), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claims ?? body.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((mode << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    const head = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, tail])
    central.push(head, Buffer.from(name))
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(items.length, 8)
  end.writeUInt16LE(items.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directory, end])
}
