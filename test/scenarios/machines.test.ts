import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  AttachVolumeCommand,
  CreateImageCommand,
  CreateKeyPairCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  EC2Client,
  GetConsoleOutputCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2'
import { checkout, output, startPlatform, until, type Platform } from '../harness/platform.ts'
import { makeRootTree } from '../harness/root-tree.ts'

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

  it('goes down when a machine shuts itself down, and on again when it reboots', async (t) => {
    if (!isIsolated()) return t.skip('needs machines of which a process is the first')
    const [staying, going] = await Promise.all([
      launch('#!/bin/sh\necho once >> /root/runs\n'),
      launch('#!/bin/sh\nshutdown -h now\n', { InstanceInitiatedShutdownBehavior: 'terminate' }),
    ])
    await reached(going, 'terminated')
    // In hundredths of a second: a machine is down and up again within one.
    const started = () =>
      platform.evenkeel('exec', staying, '--', 'cut', '-d', ' ', '-f', '22', '/proc/1/stat')
    const before = await started()
    await platform.evenkeel('exec', staying, '--', 'reboot').catch(() => undefined)
    await until('the machine to be up again', async () => {
      const now = await started().catch(() => before)
      return now !== before
    })
    const runs = await platform.evenkeel('exec', staying, '--', 'cat', '/root/runs')
    assert.equal(runs, 'once\n')
    await reached(staying, 'running')
    await platform.evenkeel('exec', staying, '--', 'systemctl', 'poweroff').catch(() => undefined)
    await reached(staying, 'stopped')
    const { Reservations } = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [going, staying] }),
    )
    const reasons = Reservations?.map(({ Instances }) => Instances?.[0]?.StateReason?.Code)
    const itself = 'Client.InstanceInitiatedShutdown'
    assert.deepEqual(reasons, [itself, itself])
  })

  it('opens to whoever has the private half of its key, over ssh where there is a server for it', async (t) => {
    if (!isIsolated()) return t.skip('needs machines with their own files')
    const KeyName = 'own'
    const pair = await ec2.send(new CreateKeyPairCommand({ KeyName, KeyType: 'ed25519' }))
    const { KeyPairs } = await ec2.send(
      new DescribeKeyPairsCommand({ KeyNames: [KeyName], IncludePublicKey: true }),
    )
    const id = await launch(undefined, { KeyName })
    const path = '/home/ec2-user/.ssh/authorized_keys'
    const placed = await until('the key to be there', () =>
      platform.evenkeel('exec', id, '--', 'cat', path).catch(() => undefined),
    )
    assert.equal(placed.trim(), KeyPairs?.[0]?.PublicKey)
    if (!existsSync('/usr/sbin/sshd') || !existsSync('/usr/bin/ssh')) {
      return t.diagnostic('sshd or ssh is not installed (Debian: openssh-server, openssh-client)')
    }
    const key = join(platform.dataDirectory, 'own.pem')
    writeFileSync(key, pair.KeyMaterial ?? '', { mode: 0o600 })
    const words = ['forward', `${id}:22`, '--json', '--data-dir', platform.dataDirectory]
    const door = spawn(process.execPath, ['src/cli/main.ts', ...words], { cwd: checkout })
    t.after(() => door.kill('SIGTERM'))
    const [line] = (await once(door.stdout, 'data')) as [Buffer]
    const { port } = JSON.parse(line.toString()) as { port: number }
    const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null']
    const flags = options.flatMap((option) => ['-o', option])
    const place = ['-i', key, '-p', `${port}`, 'ec2-user@127.0.0.1']
    const login = await until('the server for it to be up', () =>
      output('ssh', [...flags, ...place, 'id -un']).catch(() => undefined),
    )
    assert.equal(login.trim(), 'ec2-user')
  })

  it('says of user data that is nothing known what cloud-init says', async () => {
    const id = await launch('hello there')
    await consoleSays(id, /Unhandled non-multipart \(text\/x-not-multipart\) userdata: 'b'hello/)
  })

  const execute = (id: string, command: string): Promise<string> =>
    platform.evenkeel('exec', id, '--', 'sh', '-c', command)

  async function zoneOf(id: string): Promise<string> {
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
    return Reservations?.[0]?.Instances?.[0]?.Placement?.AvailabilityZone ?? ''
  }

  async function volumeIs(VolumeId: string, state: string): Promise<void> {
    await until(`${VolumeId} is ${state}`, async () => {
      const { Volumes } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))
      return Volumes?.[0]?.State === state
    })
  }

  it('keeps volumes over attaching, stopping and terminating, and restores them from snapshots', async (t) => {
    if (!isIsolated()) return t.skip('volumes of running machines need the namespaces driver')
    const script = '#!/bin/sh\nls /media\necho first > /media/sdg/file\n'
    const id = await launch(script, {
      BlockDeviceMappings: [
        { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 2, DeleteOnTermination: false } },
        { DeviceName: '/dev/sdh', Ebs: { VolumeSize: 1 } },
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20 } },
      ],
    })
    await consoleSays(id, /sdg\s+sdh/)
    const { Volumes = [] } = await ec2.send(
      new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }),
    )
    assert.deepEqual(new Set(Volumes.map((volume) => volume.Size)), new Set([1, 2, 20]))
    const kept = Volumes.find((volume) => volume.Size === 2)?.VolumeId ?? ''
    const dropped = Volumes.find((volume) => volume.Size === 1)?.VolumeId ?? ''

    const AvailabilityZone = await zoneOf(id)
    const { VolumeId = '' } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone, Size: 3 }))
    await volumeIs(VolumeId, 'available')
    await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: id, Device: '/dev/sdf' }))
    await volumeIs(VolumeId, 'in-use')
    await until('it is seen', async () => (await execute(id, 'ls /media')).includes('sdf'))
    await execute(id, 'echo later > /media/sdf/file')
    await assert.rejects(
      ec2.send(new DeleteVolumeCommand({ VolumeId })),
      (error: Error) => error.name === 'VolumeInUse',
    )

    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }))
    await reached(id, 'stopped')
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }))
    await reached(id, 'running')
    assert.equal(await execute(id, 'cat /media/sdg/file /media/sdf/file'), 'first\nlater\n')

    const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }))
    await until('the snapshot is complete', async () => {
      const found = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }))
      return found.Snapshots?.[0]?.State === 'completed'
    })
    await execute(id, 'echo changed > /media/sdf/file')
    await ec2.send(new DetachVolumeCommand({ VolumeId }))
    await volumeIs(VolumeId, 'available')
    assert.ok(!(await execute(id, 'ls /media')).includes('sdf'))

    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }))
    await reached(id, 'terminated')
    await volumeIs(kept, 'available')
    await until('the other went with it', async () => {
      const { Volumes: left = [] } = await ec2.send(new DescribeVolumesCommand({}))
      return left.every((volume) => volume.VolumeId !== dropped)
    })

    const second = await launch(undefined, {
      Placement: { AvailabilityZone },
      BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId } }],
    })
    await ec2.send(
      new AttachVolumeCommand({ VolumeId: kept, InstanceId: second, Device: '/dev/sdk' }),
    )
    await volumeIs(kept, 'in-use')
    await until('both are seen', async () => (await execute(second, 'ls /media')).includes('sdk'))
    assert.equal(await execute(second, 'cat /media/sdf/file /media/sdk/file'), 'later\nfirst\n')
  })

  it('makes images of machines, and machines of images', async (t) => {
    if (!isIsolated()) return t.skip('images of one’s own need the namespaces driver')
    const BlockDeviceMappings = [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1 } }]
    const said = '#!/bin/sh\necho made > /srv/page\necho kept > /media/sdf/page\necho done\n'
    const id = await launch(said, { BlockDeviceMappings })
    await consoleSays(id, /done/)
    const { ImageId = '' } = await ec2.send(
      new CreateImageCommand({ InstanceId: id, Name: 'page', NoReboot: true }),
    )
    await until('the image is available', async () => {
      const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }))
      return Images?.[0]?.ImageId === ImageId && Images[0].State === 'available'
    })
    const copy = await launch('#!/bin/sh\necho again; cat /srv/page /media/sdf/page\n', { ImageId })
    await consoleSays(copy, /again\s+made\s+kept/)
    await ec2.send(new DeregisterImageCommand({ ImageId }))
    await assert.rejects(launch(undefined, { ImageId }), /InvalidAMIID.NotFound|does not exist/)
    assert.equal((await execute(copy, 'cat /srv/page')).trim(), 'made')
  })

  it('makes machines of an image in layers that was brought along, and says what is wrong with others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ek-scale-image-'))
    try {
      const [base, upper, saved] = ['base', 'upper', 'saved'].map((name) => join(folder, name))
      makeRootTree(base ?? '')
      writeFileSync(join(base ?? '', 'etc/marker'), 'below')
      mkdirSync(join(upper ?? '', 'etc'), { recursive: true })
      writeFileSync(join(upper ?? '', 'etc/marker'), 'above')
      mkdirSync(saved ?? '')
      writeFileSync(join(saved ?? '', 'manifest.json'), '[{"Layers":["base.tar","upper.tar"]}]')
      for (const name of ['base', 'upper', 'saved']) {
        const into = join(name === 'saved' ? folder : (saved ?? ''), `${name}.tar`)
        execFileSync('tar', ['-cf', into, '-C', join(folder, name), '.'])
      }
      const archive = join(folder, 'saved.tar')
      const made = await platform.evenkeel('image', 'import', archive, '--name', 'own', '--json')
      const { ImageId } = JSON.parse(made) as { ImageId: string }
      assert.match(await platform.evenkeel('image', 'list'), /^ami-\w+ {2}available .* own$/m)
      const id = await launch('#!/bin/sh\ncat /etc/marker > /etc/told\n', { ImageId })
      const told = await until('user data has run', async () => {
        const text = await platform.evenkeel('exec', id, '--', 'cat', '/etc/told').catch(() => '')
        return text.includes('above') ? text.trim() : undefined
      })
      assert.equal(told, 'above')
      await assert.rejects(
        platform.evenkeel('image', 'import', join(folder, 'upper'), '--name', 'none'),
        /upper is no root file system: it has no \/bin\/sh/,
      )
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('tells a machine who it is in a document that openssl verifies', async (t) => {
    if (!isIsolated()) return t.skip('169.254.169.254 is there with the namespaces driver')
    const id = await launch(undefined)
    const said = await execute(
      id,
      [
        'base=http://169.254.169.254/latest',
        'token=$(curl -sX PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" $base/api/token)',
        'ask() { curl -s -H "X-aws-ec2-metadata-token: $token" $base/$1; }',
        '{ echo "-----BEGIN PKCS7-----"; ask dynamic/instance-identity/rsa2048; echo; echo "-----END PKCS7-----"; } > /tmp/cms',
        'openssl smime -verify -in /tmp/cms -inform PEM -noverify 2>/dev/null > /tmp/verified',
        'ask dynamic/instance-identity/document | cmp - /tmp/verified && cat /tmp/verified',
      ].join('\n'),
    )
    assert.equal((JSON.parse(said) as { instanceId: string }).instanceId, id)
  })
})
