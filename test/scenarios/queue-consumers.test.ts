import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { Consumer } from 'sqs-consumer'
import { output, startPlatform, until, type Platform } from '../harness/platform.ts'

/** Debian's own: the packages are of its Python. */
const python = '/usr/bin/python3'

const lacksCelery =
  existsSync(python) && spawnSync(python, ['-c', 'import celery, boto3, pycurl']).status === 0
    ? false
    : 'no Celery here (Debian: python3-celery, python3-boto3, python3-pycurl)'

const tasks = `
import os
from celery import Celery

app = Celery('tasks', broker=os.environ['BROKER'])
app.conf.update(
    broker_transport_options={
        'region': 'us-east-1',
        'is_secure': False,
        'wait_time_seconds': 20,
        'visibility_timeout': 30,
        'queue_name_prefix': 'celery-',
    },
    task_default_queue='jobs',
    worker_enable_remote_control=False,
)

@app.task
def note(n):
    with open(os.environ['NOTES'], 'a') as notes:
        notes.write('%d\\n' % n)
`

describe('consumers of other makers work unchanged', () => {
  let platform: Platform
  let sqs: SQSClient

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    sqs = new SQSClient({ endpoint, credentials, region: 'us-east-1' })
  })
  after(async () => {
    sqs?.destroy()
    await platform?.stop()
  })

  it('sqs-consumer takes what it can work on, and what failed comes again', async () => {
    const { QueueUrl: queueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: 'consumed', Attributes: { VisibilityTimeout: '20' } }),
    )
    const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: `${n}` }))
    const seen = new Map<string, number>()
    const errors: string[] = []
    const consumer = Consumer.create({
      queueUrl,
      sqs,
      batchSize: 10,
      waitTimeSeconds: 20,
      heartbeatInterval: 5,
      visibilityTimeout: 20,
      terminateVisibilityTimeout: true,
      async handleMessage(message) {
        const body = message.Body ?? ''
        const times = (seen.get(body) ?? 0) + 1
        seen.set(body, times)
        if (body === '7' && times === 1) throw new Error('the first time fails')
        return message
      },
    })
    consumer.on('error', (error) => errors.push(error.message))
    consumer.start()
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
    await until('all ten, one of them twice', async () => seen.size === 10 && seen.get('7') === 2)
    await until('nothing is left', async () => {
      const asked = { QueueUrl: queueUrl, AttributeNames: ['All' as const] }
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand(asked))
      const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: taken } =
        Attributes
      return waiting === '0' && taken === '0'
    })
    const stopped = new Promise((resolve) => consumer.once('stopped', () => resolve(true)))
    consumer.stop({ abort: true })
    assert.ok(await stopped)
    assert.deepEqual(errors, [])
  })

  it('a Celery worker gets its tasks by long polls', { skip: lacksCelery }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-celery-'))
    const notes = join(folder, 'notes')
    await writeFile(join(folder, 'tasks.py'), tasks)
    await writeFile(notes, '')
    const { accessKeyId, secretAccessKey } = platform.credentials
    const environment = {
      BROKER: `sqs://${accessKeyId}:${encodeURIComponent(secretAccessKey)}@127.0.0.1:${platform.port}`,
      NOTES: notes,
      PYTHONPATH: folder,
      HOME: folder,
    }
    let worker: ChildProcess | undefined
    try {
      worker = spawn(
        python,
        ['-m', 'celery', '-A', 'tasks', 'worker', '--pool', 'solo', '--loglevel', 'WARNING'],
        { cwd: folder, env: { PATH: process.env['PATH'], ...environment }, stdio: 'ignore' },
      )
      const send = 'import tasks\nfor n in range(20): tasks.note.delay(n)'
      await output(python, ['-c', send], environment)
      const noted = async (): Promise<readonly number[]> =>
        (await readFile(notes, 'utf8')).split('\n').filter(Boolean).map(Number)
      await until('every task ran', async () => new Set(await noted()).size === 20, 60_000)
      assert.deepEqual(
        (await noted()).toSorted((a, b) => a - b),
        Array.from({ length: 20 }, (_, n) => n),
      )
    } finally {
      worker?.kill('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    }
  })
})
