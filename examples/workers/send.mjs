// Bursts messages into a queue: node send.mjs QUEUE_URL COUNT. Endpoint, region and credentials come from the environment.
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'

const [QueueUrl, count = '1000'] = process.argv.slice(2)
const senders = 16
const sqs = new SQSClient({})
let next = 0

async function send() {
  while (next < Number(count)) {
    const first = next
    next = Math.min(first + 10, Number(count))
    let Entries = Array.from({ length: next - first }, (_, n) => ({
      Id: String(n),
      MessageBody: String(first + n),
    }))
    while (Entries.length > 0) {
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
      Entries = Entries.filter(({ Id }) => Failed.some((failed) => failed.Id === Id))
    }
  }
}

await Promise.all(Array.from({ length: senders }, send))
process.stdout.write(`${count} messages are in the queue\n`)
