import type { Operation } from '../../../wire/service.ts'
import { activityInProgress, instanceNotFound, inWarmPool, validationError } from '../errors.ts'
import { activityShape } from '../group-shape.ts'
import type { AutoScalingDeps, AutoScalingOperations } from '../service-deps.ts'

export const terminateInstanceInAutoScalingGroup: Operation<
  AutoScalingOperations,
  'TerminateInstanceInAutoScalingGroup',
  AutoScalingDeps
> = {
  accepts: { InstanceId: true, ShouldDecrementDesiredCapacity: true },
  async handle(input, request, deps) {
    const id = input.InstanceId ?? ''
    const shrink = input.ShouldDecrementDesiredCapacity ?? false
    const answer = await deps.scale.terminate(request.scope, id, shrink)
    if (answer.ok) return { Activity: activityShape(answer.activity) }
    switch (answer.reason) {
      case 'unknown':
        throw instanceNotFound(id)
      case 'is-pooled':
        throw inWarmPool(id)
      case 'is-terminating':
        throw activityInProgress(`Instance ${id} is already terminating.`)
      case 'below-minimum':
        throw validationError(
          "Currently, desiredSize equals minSize. Terminating instance without replacement will violate group's min " +
            "size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.",
        )
    }
  },
}
