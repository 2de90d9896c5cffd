import { randomText, upperAlphanumeric } from '../../../kernel/random.ts'
import { arnOf } from '../../../kernel/arn.ts'
import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'
import { instanceName, openIdentity } from '../on-premises-rules.ts'

export const registerOnPremisesInstance: CodeDeployOperation<'RegisterOnPremisesInstance'> = {
  accepts: { instanceName: true, iamUserArn: true, iamSessionArn: true },
  async handle(input, request, deps) {
    const { context } = deps.deploy
    const name = instanceName(input.instanceName)
    const identity = openIdentity(input)
    const suffix = randomText(context.random, 10, upperAlphanumeric)
    const outcome = await deps.deploy.registerOnPremises(request.scope, {
      instanceName: name,
      instanceArn: arnOf('codedeploy', request.scope, `instance/${name}_${suffix}`),
      identity,
      registerTime: context.clock.now(),
      tags: [],
    })
    if (outcome === 'name-taken') throw errors.instanceNameAlreadyRegistered(name)
    if (outcome === 'registered') return {}
    throw errors.iamArnAlreadyRegistered(identity.kind, identity.arn)
  },
}
