import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'

/** What CloudFormation asks who makes a custom resource. */
interface Asked {
  readonly RequestType: string
  readonly ResponseURL: string
  readonly PhysicalResourceId?: string
  readonly ResourceProperties: Readonly<Record<string, string>>
}

interface Maker {
  readonly topicArn: string
  /** `Create -`, `Update thing-1`, in the order of asking. */
  readonly asked: readonly string[]
  stop(): Promise<void>
}

/** A program as people write it: it reads a queue behind a topic, and makes things that are named after their size. */
export async function startMaker(
  shared: Readonly<{ endpoint: string; region: string; credentials: object }>,
): Promise<Maker> {
  const sns = new SNSClient(shared as object)
  const sqs = new SQSClient(shared as object)
  const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'makers' }))
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'requests' }))
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const Endpoint = Attributes?.['QueueArn']
  const statement = {
    ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' } },
    ...{ Action: 'sqs:SendMessage', Resource: Endpoint },
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint }))
  const asked: string[] = []
  let isOver = false
  const work = (async () => {
    while (!isOver) {
      const input = { QueueUrl, WaitTimeSeconds: 1 }
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input))
      for (const { Body = '{}', ReceiptHandle } of Messages) {
        const { Message } = JSON.parse(Body) as { Message: string }
        const request = JSON.parse(Message) as Asked
        asked.push(`${request.RequestType} ${request.PhysicalResourceId ?? '-'}`)
        await answer(request)
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      }
    }
  })()
  return {
    topicArn,
    asked,
    async stop() {
      isOver = true
      await work
      sns.destroy()
      sqs.destroy()
    },
  }
}

async function answer(request: Asked): Promise<void> {
  const made = `thing-${request.ResourceProperties['Size']}`
  const isGoing = request.RequestType === 'Delete'
  const body = JSON.stringify({
    Status: 'SUCCESS',
    PhysicalResourceId: isGoing ? request.PhysicalResourceId : made,
    Data: { Seconds: request.ResourceProperties['Size'] },
  })
  const headers = { 'content-type': '' }
  await fetch(request.ResponseURL, { method: 'PUT', headers, body: Buffer.from(body) })
}
