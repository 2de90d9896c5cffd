import type { Operation } from '../../../wire/service.ts'
import { invalidParameter, noSuchResource } from '../errors.ts'
import { queueOfArn, taskHandle } from '../move-task-view.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const startMessageMoveTask: Operation<SqsOperations, 'StartMessageMoveTask', SqsDeps> = {
  accepts: { SourceArn: true, DestinationArn: true, MaxNumberOfMessagesPerSecond: true },
  async handle(input, request, deps) {
    const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecondMax } = input
    const source = await queueOfArn(deps, request, SourceArn)
    if (!source) throw noSuchResource()
    const destination = DestinationArn ? await queueOfArn(deps, request, DestinationArn) : undefined
    if (DestinationArn && !destination) throw noSuchResource()
    if (destination?.key === source.key) {
      throw invalidParameter('Source queue arn and destination queue arn cannot be the same.')
    }
    const task = await deps.queues.moveTasks.start(source, { destination, perSecondMax })
    return { TaskHandle: taskHandle(task) }
  },
}
