import { join } from 'node:path'
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling'
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs'
import { checkout, type Platform } from './platform.ts'
import { stackOutputs } from './website.ts'

const template = join(checkout, 'examples/workers/template.yaml')

/** What was seen at one moment of a run. */
export interface Sample {
  /** Since the burst began. */
  readonly seconds: number
  readonly waiting: number
  readonly taken: number
  /** In service, by zone. */
  readonly machines: Readonly<Record<string, number>>
  readonly desired: number
}

/** The example stack of queue and workers, its clients, and what they saw. */
export interface Workers {
  readonly group: string
  readonly samples: readonly Sample[]
  /** How often each job was reported as done. */
  readonly done: ReadonlyMap<string, number>
  /** Sends jobs `0` to `count - 1`, ten at a time, each until it is acknowledged. */
  burst(count: number): Promise<void>
  deadCount(): Promise<number>
  /** Ids of the machines in service. */
  machines(): Promise<readonly string[]>
  stop(): Promise<void>
}

/** Launches `examples/workers`, and from then on watches it and collects its results. */
export async function launchWorkers(
  platform: Platform,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Workers> {
  const given = Object.entries(parameters).flatMap(([key, value]) => [
    '--parameter',
    `${key}=${value}`,
  ])
  await platform.evenkeel('launch', template, '--stack-name', 'workers', ...given)
  const outputs = await stackOutputs(platform, 'workers')
  const { endpoint, credentials } = platform
  const options = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
  const sqs = new SQSClient(options)
  const scaling = new AutoScalingClient(options)
  const queue = (name: string): string => outputs[name] ?? ''
  const group = queue('AutoScalingGroup')
  const samples: Sample[] = []
  const done = new Map<string, number>()
  const stopping = new AbortController()
  const began = Date.now()

  async function described() {
    const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] })
    const { AutoScalingGroups = [] } = await scaling.send(asked)
    const { Instances = [], DesiredCapacity = 0 } = AutoScalingGroups[0] ?? {}
    const inService = Instances.filter((each) => each.LifecycleState === 'InService')
    return { inService, desired: DesiredCapacity }
  }
  const sample = async (): Promise<void> => {
    const depths = await depthsOf(sqs, queue('Jobs'))
    const { inService, desired } = await described()
    const zones = Object.groupBy(inService, (each) => each.AvailabilityZone ?? '')
    const machines = Object.fromEntries(
      Object.entries(zones).map(([zone, all = []]) => [zone, all.length]),
    )
    samples.push({ seconds: (Date.now() - began) / 1000, ...depths, machines, desired })
    await pause(500)
  }
  const collect = async (): Promise<void> => {
    const QueueUrl = queue('Results')
    const poll = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(poll), {
      abortSignal: stopping.signal,
    })
    if (Messages.length === 0) return
    for (const { Body = '{}' } of Messages) {
      const { job } = JSON.parse(Body) as { job: string }
      done.set(job, (done.get(job) ?? 0) + 1)
    }
    const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  }
  const loops = [sample, ...Array.from({ length: 4 }, () => collect)].map(async (act) => {
    while (!stopping.signal.aborted) await persistently(act, stopping.signal)
  })
  return {
    group,
    samples,
    done,
    burst: (count) => burst(sqs, queue('Jobs'), count),
    deadCount: async () => (await depthsOf(sqs, queue('DeadJobs'))).waiting,
    machines: async () => (await described()).inService.map(({ InstanceId = '' }) => InstanceId),
    async stop() {
      stopping.abort()
      await Promise.all(loops)
      sqs.destroy()
      scaling.destroy()
    },
  }
}

async function burst(sqs: SQSClient, QueueUrl: string, count: number): Promise<void> {
  const jobs = Array.from({ length: count }, (_, n) => String(n))
  const batches = Array.from({ length: Math.ceil(count / 10) }, (_, n) =>
    jobs.slice(n * 10, n * 10 + 10),
  )
  const send = async (): Promise<void> => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      let left: SendMessageBatchRequestEntry[] = batch.map((job) => ({ Id: job, MessageBody: job }))
      while (left.length > 0) {
        await persistently(async () => {
          const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: left }))
          left = left.filter(({ Id }) => sent.Failed?.some((failed) => failed.Id === Id))
        })
      }
    }
  }
  await Promise.all(Array.from({ length: 16 }, send))
}

async function depthsOf(
  sqs: SQSClient,
  QueueUrl: string,
): Promise<{ waiting: number; taken: number }> {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
  const { Attributes = {} } = await sqs.send(asked)
  return {
    waiting: Number(Attributes['ApproximateNumberOfMessages']),
    taken: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
  }
}

/** The endpoint may be away for a moment: once more, until it answers. */
async function persistently(act: () => Promise<void>, signal?: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await act()
      return
    } catch {
      if (signal?.aborted) return
      await pause(200)
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
