import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { memoryStore } from '../../src/testing/memory-store.ts'
import { accessKeyId, s3Fixture, secretAccessKey } from './s3-fixture.ts'

const run = promisify(execFile)
const fixture = await s3Fixture(memoryStore())
after(() => fixture.close())

/** Debian's, and whichever the path finds first. */
for (const program of ['/usr/bin/aws', 'aws']) {
  const skip = await reasonToSkip(program)
  test(`${program} copies, syncs, lists and removes`, { skip }, async () => {
    const aws = (...words: string[]): Promise<string> => call(program, words)
    const bucket = `s3://command-line-${randomBytes(4).toString('hex')}`
    const folder = join(fixture.folder, bucket.slice(5))
    const source = join(folder, 'source')
    await mkdir(join(source, 'deep er'), { recursive: true })
    // Above the CLI's threshold for uploads in parts.
    const big = randomBytes(9 * 1024 * 1024)
    await writeFile(join(source, 'big'), big)
    await writeFile(join(source, 'deep er', 'ü+&.txt'), 'small')

    await aws('s3', 'mb', bucket)
    assert.match(await aws('s3', 'ls'), new RegExp(bucket.slice(5)))
    await aws('s3', 'sync', source, `${bucket}/site`)
    assert.equal(await aws('s3', 'sync', source, `${bucket}/site`), '')
    const listed = await aws('s3', 'ls', '--recursive', bucket)
    assert.match(listed, / 9437184 site\/big\n/)
    assert.match(listed, / 5 site\/deep er\/ü\+&\.txt\n/)
    assert.match(await aws('s3', 'ls', `${bucket}/site/`), /PRE deep er\//)

    await aws('s3', 'cp', `${bucket}/site/big`, join(folder, 'back'))
    assert.ok(big.equals(await readFile(join(folder, 'back'))))
    await aws('s3', 'mv', `${bucket}/site/big`, `${bucket}/moved`)
    const head = await aws('s3api', 'head-object', '--bucket', bucket.slice(5), '--key', 'moved')
    assert.equal((JSON.parse(head) as { ContentLength: number }).ContentLength, big.length)
    await assert.rejects(aws('s3', 'rb', bucket), /BucketNotEmpty/)
    await aws('s3', 'rm', '--recursive', bucket)
    assert.equal(await aws('s3', 'ls', '--recursive', bucket).catch(() => ''), '')
    await aws('s3', 'rb', bucket)
  })
}

async function reasonToSkip(program: string): Promise<string | false> {
  try {
    if (program.startsWith('/')) await access(program)
    else await run(program, ['--version'])
    return false
  } catch {
    return `${program} is not installed`
  }
}

async function call(program: string, words: readonly string[]): Promise<string> {
  const { stdout } = await run(
    program,
    [...words, '--endpoint-url', fixture.endpoint, '--region', 'us-east-1'],
    {
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        PYTHONUTF8: '1',
        LC_ALL: 'C.UTF-8',
      },
    },
  )
  return stdout
}
