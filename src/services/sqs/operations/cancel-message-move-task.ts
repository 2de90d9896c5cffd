import type { Operation } from '../../../wire/service.ts'
import { openTaskHandle } from '../move-task-view.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const cancelMessageMoveTask: Operation<SqsOperations, 'CancelMessageMoveTask', SqsDeps> = {
  accepts: { TaskHandle: true },
  async handle(input, request, deps) {
    const id = openTaskHandle(input.TaskHandle)
    const moved = await deps.queues.moveTasks.cancel(request.scope, id)
    return { ApproximateNumberOfMessagesMoved: moved }
  },
}
