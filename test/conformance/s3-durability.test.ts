import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { openFileBlobs } from '../../src/drivers/filesystem/index.ts'
import { temporaryPostgres } from '../../src/testing/embedded-postgres.ts'
import { accessKeyId, secretAccessKey } from './s3-fixture.ts'

const temporary = await temporaryPostgres()
const Bucket = 'durable'

if ('skip' in temporary) {
  test('S3 on PostgreSQL', { skip: temporary.skip }, () => undefined)
} else {
  after(() => temporary.remove())
  const folder = join(temporary.folder, 'objects')
  await mkdir(folder)

  test('no acknowledged object is lost or torn when server and database are killed', async () => {
    const first = await startServer(temporary.postgres.connection, folder)
    const client = clientOf(first.endpoint)
    await client.send(new CreateBucketCommand({ Bucket }))
    /** What each key may hold: its last acknowledged body, or the one that was on its way at the kill. */
    const possible = new Map<string, Set<string>>()
    let acknowledged = 0
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        // Few keys, so that overwriting is killed as well.
        const Key = `${writer}/${n % 5}`
        const Body = randomBytes(1000 + 40 * n)
        const before = possible.get(Key) ?? new Set(['absent'])
        possible.set(Key, new Set([...before, md5(Body)]))
        const put = new PutObjectCommand({ Bucket, Key, Body })
        if (!(await client.send(put).catch(() => undefined))) return
        possible.set(Key, new Set([md5(Body)]))
        if (++acknowledged === 300) {
          first.process.kill('SIGKILL')
          process.kill(temporary.postgres.pid, 'SIGKILL')
        }
      }
    })
    await Promise.all(writers)
    client.destroy()

    const { connection } = await temporary.start()
    const second = await startServer(connection, folder)
    const again = clientOf(second.endpoint)
    for (const [Key, allowed] of possible) {
      const found = await again
        .send(new GetObjectCommand({ Bucket, Key }))
        .then(async ({ Body }) => md5((await Body?.transformToByteArray()) ?? []))
        .catch((thrown: unknown) => {
          assert.ok(thrown instanceof Error && thrown.name === 'NoSuchKey', String(thrown))
          return 'absent'
        })
      assert.ok(allowed.has(found), `${Key} holds what was never put there last`)
    }
    again.destroy()
    second.process.kill('SIGKILL')
    await once(second.process, 'exit')
    let blobs = 0
    for await (const _blob of (await openFileBlobs(join(folder, 'objects'))).list()) blobs++
    // Left for the sweeper: at most what each writer had on its way.
    assert.ok(blobs <= possible.size + 6 * 2, `${blobs} blobs for ${possible.size} objects`)
  })
}

async function startServer(
  connection: object,
  folder: string,
): Promise<{ process: ChildProcess; endpoint: string }> {
  const program = new URL('s3-server.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [program, JSON.stringify(connection), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const [endpoint] = (await once(lines, 'line')) as [string]
  return { process: child, endpoint }
}

function clientOf(endpoint: string): S3Client {
  const credentials = { accessKeyId, secretAccessKey }
  return new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
}

function md5(bytes: Uint8Array | readonly number[]): string {
  return createHash('md5').update(Uint8Array.from(bytes)).digest('hex')
}
