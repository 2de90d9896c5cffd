import type { ListMessageMoveTasksResultEntry } from '@aws-sdk/client-sqs'
import { parseArn } from '../../kernel/arn.ts'
import type { MoveTask } from '../../queue/move-tasks.ts'
import type { Queue } from '../../queue/queue.ts'
import type { Request } from '../../wire/service.ts'
import { invalidParameter, missingParameter } from './errors.ts'
import type { SqsDeps } from './service-deps.ts'

/** As AWS's: base64 of JSON with the task and its source. */
export function taskHandle({ id, sourceArn }: MoveTask): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64')
}

/** The task's id. */
export function openTaskHandle(handle: string | undefined): string {
  if (!handle) throw missingParameter('TaskHandle')
  try {
    const opened = JSON.parse(Buffer.from(handle, 'base64').toString()) as { taskId?: unknown }
    if (typeof opened.taskId === 'string') return opened.taskId
  } catch {
    throw invalidParameter('Value for parameter TaskHandle is invalid.')
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.')
}

/** The queue of an ARN in the caller's account and region. */
export async function queueOfArn(
  { queues }: SqsDeps,
  { scope }: Request,
  arn: string | undefined,
): Promise<Queue | undefined> {
  if (!arn) throw missingParameter('SourceArn')
  const parts = parseArn(arn)
  if (parts?.service !== 'sqs') throw invalidParameter(`${arn} is not the ARN of a queue.`)
  const isOwn = parts.account === scope.account && parts.region === scope.region
  return isOwn ? queues.catalogue.byArn(arn) : undefined
}

export function taskView(task: MoveTask): ListMessageMoveTasksResultEntry {
  const { destinationArn, perSecondMax, failureReason } = task
  return {
    ...(task.status === 'RUNNING' ? { TaskHandle: taskHandle(task) } : {}),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(destinationArn === undefined ? {} : { DestinationArn: destinationArn }),
    ...(perSecondMax === undefined ? {} : { MaxNumberOfMessagesPerSecond: perSecondMax }),
    ApproximateNumberOfMessagesMoved: task.movedCount,
    ApproximateNumberOfMessagesToMove: task.toMoveCount,
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
    StartedTimestamp: task.startedAt,
  }
}
