import { needSecret } from '../find-secret.ts'
import { secretView, versionsToStages } from '../secret-view.ts'
import type { SecretsOperation } from '../service-deps.ts'

export const describeSecret: SecretsOperation<'DescribeSecret'> = {
  accepts: { SecretId: true },
  async handle(input, request, deps) {
    const { value } = await needSecret(deps, request.scope, input.SecretId, 'deleted')
    return { ...secretView(value), VersionIdsToStages: versionsToStages(value) }
  },
}
