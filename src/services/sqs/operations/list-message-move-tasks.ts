import type { Operation } from '../../../wire/service.ts'
import { invalidParameter, noSuchResource } from '../errors.ts'
import { queueOfArn, taskView } from '../move-task-view.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const listMessageMoveTasks: Operation<SqsOperations, 'ListMessageMoveTasks', SqsDeps> = {
  accepts: { SourceArn: true, MaxResults: true },
  async handle(input, request, deps) {
    const { SourceArn, MaxResults = 1 } = input
    if (MaxResults < 1 || MaxResults > 10) {
      throw invalidParameter(
        'Value for parameter MaxResults is invalid. Reason: Must be between 1 and 10.',
      )
    }
    const source = await queueOfArn(deps, request, SourceArn)
    if (!source) throw noSuchResource()
    const tasks = await deps.queues.moveTasks.list(source)
    return { Results: tasks.slice(0, MaxResults).map(taskView) }
  },
}
