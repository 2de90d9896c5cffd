import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  checkout,
  get,
  lacksAws,
  startPlatform,
  until,
  type Platform,
} from '../harness/platform.ts'

/** The CDK CLI as it comes from its package, told nothing but where the endpoint is. */
interface Ended {
  readonly code: number
  readonly said: string
}

/** A stack of one queue. */
const lightApp = `
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Queue } from 'aws-cdk-lib/aws-sqs'
const app = new App()
const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION }
const seconds = Number(app.node.tryGetContext('seconds') ?? 30)
new Queue(new Stack(app, 'Light', { env }), 'Taken', {
  queueName: 'older',
  visibilityTimeout: Duration.seconds(seconds),
  removalPolicy: RemovalPolicy.DESTROY,
})
`

const account = '000000000000'
const stackName = 'CdkWebsite'
const skip = await lacksAws()

describe('an app of CDK, from bootstrap to destroy', { skip }, () => {
  let platform: Platform
  let folder: string
  let host: string

  before(async () => {
    platform = await startPlatform()
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-cdk-'))
    await cp(join(checkout, 'examples/cdk'), folder, { recursive: true })
    await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'))
  })
  after(async () => {
    await rm(folder, { recursive: true, force: true })
    await platform?.stop()
  })

  function cdk(...words: readonly string[]): Promise<Ended> {
    const { endpoint, credentials } = platform
    const environment = {
      PATH: process.env['PATH'],
      HOME: folder,
      CI: '1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    }
    const program = join(checkout, 'node_modules/aws-cdk/bin/cdk')
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [program, '--no-notices', ...words],
        { cwd: folder, env: environment, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const code = error ? Number(error.code ?? 1) : 0
          resolve({ code, said: `${stdout}\n${stderr}` })
        },
      )
    })
  }

  async function did(...words: readonly string[]): Promise<string> {
    const { code, said } = await cdk(...words)
    assert.equal(code, 0, `cdk ${words.join(' ')}\n${said}`)
    return said
  }

  const deploying = ['deploy', '--require-approval', 'never']

  async function stack(): Promise<{
    StackStatus: string
    RoleARN: string
    Outputs: { OutputKey: string; OutputValue: string }[]
  }> {
    const { Stacks } = await platform.aws(
      ...['cloudformation', 'describe-stacks', '--stack-name', stackName],
    )
    const [found] = Stacks as Awaited<ReturnType<typeof stack>>[]
    assert.ok(found)
    return found
  }

  async function output(key: string): Promise<string> {
    const { Outputs } = await stack()
    return Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? ''
  }

  async function visibility(): Promise<unknown> {
    const { Attributes } = (await platform.aws(
      ...['sqs', 'get-queue-attributes', '--queue-url', await output('Queue')],
      ...['--attribute-names', 'VisibilityTimeout'],
    )) as { Attributes: Readonly<Record<string, string>> }
    return Attributes['VisibilityTimeout']
  }

  async function setVisibility(seconds: string): Promise<void> {
    await platform.aws(
      ...['sqs', 'set-queue-attributes', '--queue-url', await output('Queue')],
      ...['--attributes', `VisibilityTimeout=${seconds}`],
    )
  }

  async function serves(): Promise<void> {
    await until('the website answers', async () => {
      const answer = await get(platform, '/', host)
      return answer.status === 200 && answer.body.includes('made by CDK') ? true : undefined
    })
  }

  it('bootstraps, and does it again without a change', async () => {
    const environment = `aws://${account}/us-east-1`
    assert.match(await did('bootstrap', environment), /bootstrapped\./)
    assert.match(await did('bootstrap', environment), /bootstrapped \(no changes\)/)
  })

  it('deploys under its roles, and the website answers when the machines have signalled', async () => {
    const said = await did(...deploying)
    assert.match(said, /Received SUCCESS signal with UniqueId i-/)
    assert.doesNotMatch(said, /could not be used to assume/)
    const { StackStatus, RoleARN } = await stack()
    assert.equal(StackStatus, 'CREATE_COMPLETE')
    assert.match(RoleARN, /cdk-hnb659fds-cfn-exec-role/)
    host = new URL(await output('Url')).hostname
    await serves()
  })

  it('has put the asset into its bucket, encrypted', async () => {
    const { hostname, pathname } = new URL(await output('SiteObject'))
    const at = ['--bucket', hostname, '--key', pathname.slice(1)]
    const { ServerSideEncryption } = await platform.aws('s3api', 'head-object', ...at)
    assert.equal(ServerSideEncryption, 'aws:kms')
  })

  it('shows what differs', async () => {
    assert.match(await did('diff', '--fail'), /There were no differences/)
    const { code, said } = await cdk('diff', '--fail', '-c', 'visibility=45')
    assert.equal(code, 1, said)
    assert.match(said, /VisibilityTimeout[^]*30[^]*45/)
  })

  it('updates in place', async () => {
    await did(...deploying, '-c', 'visibility=45')
    assert.equal(await visibility(), '45')
    assert.equal((await stack()).StackStatus, 'UPDATE_COMPLETE')
  })

  it('tells what was changed behind the stack’s back', async () => {
    assert.match(await did('drift', '--fail', '-c', 'visibility=45'), /No drift detected/)
    await setVisibility('77')
    const { code, said } = await cdk('drift', '--fail', '-c', 'visibility=45')
    assert.equal(code, 1, said)
    assert.match(said, /VisibilityTimeout[^]*45[^]*77/)
    await setVisibility('45')
  })

  it('undoes an update whose machines fail, and tells why', async () => {
    const bad = ['-c', 'visibility=60', '-c', 'broken=true']
    const { code, said } = await cdk(...deploying, ...bad)
    assert.equal(code, 1, said)
    assert.match(said, /Received 1 FAILURE signal\(s\) out of 2/)
    assert.equal((await stack()).StackStatus, 'UPDATE_ROLLBACK_COMPLETE')
    assert.equal(await visibility(), '45')
    await serves()
  })

  it('leaves a failed update as it is when asked, and rolls it back later', async () => {
    const bad = ['-c', 'visibility=45', '-c', 'broken=true']
    const { code, said } = await cdk(...deploying, '--no-rollback', ...bad)
    assert.equal(code, 1, said)
    assert.equal((await stack()).StackStatus, 'UPDATE_FAILED')
    await did('rollback')
    assert.equal((await stack()).StackStatus, 'UPDATE_ROLLBACK_COMPLETE')
    await serves()
  })

  it('takes over a queue that was there before its stack, and swaps its settings at once when asked', async () => {
    await writeFile(join(folder, 'light.ts'), lightApp)
    const light = ['Light', '--app', 'node light.ts']
    const { QueueUrl } = await platform.aws('sqs', 'create-queue', '--queue-name', 'older')
    const said = await did('synth', ...light)
    const [, logicalId = ''] = /^ {2}(Taken\w+):/m.exec(said) ?? []
    const mapping = JSON.stringify({ [logicalId]: { QueueUrl } })
    await writeFile(join(folder, 'mapping.json'), mapping)
    const taking = await did('import', '--resource-mapping', 'mapping.json', '--force', ...light)
    assert.match(taking, /IMPORT_COMPLETE/)
    const swapped = await did(...deploying, '--hotswap', '-c', 'seconds=55', ...light)
    assert.match(swapped, /hotswapped!/)
    const { Attributes } = (await platform.aws(
      ...['sqs', 'get-queue-attributes', '--queue-url', String(QueueUrl)],
      ...['--attribute-names', 'VisibilityTimeout'],
    )) as { Attributes: Readonly<Record<string, string>> }
    assert.equal(Attributes['VisibilityTimeout'], '55')
    await did('destroy', '--force', ...light)
  })

  it('is destroyed, and leaves nothing', async () => {
    await did('destroy', '--force')
    const { Stacks } = await platform.aws('cloudformation', 'describe-stacks')
    const names = (Stacks as { StackName: string }[]).map(({ StackName }) => StackName)
    assert.deepEqual(names, ['CDKToolkit'])
    const { Vpcs } = await platform.aws('ec2', 'describe-vpcs')
    assert.ok((Vpcs as { IsDefault: boolean }[]).every(({ IsDefault }) => IsDefault))
    const { QueueUrls = [] } = await platform.aws('sqs', 'list-queues')
    assert.deepEqual(QueueUrls, [])
  })
})
