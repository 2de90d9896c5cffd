import type { CodeDeployOperation } from '../codedeploy-operation.ts'

/** No operation gives a resource an external id, so none has the one that is named. */
export const deleteResourcesByExternalId: CodeDeployOperation<'DeleteResourcesByExternalId'> = {
  accepts: { externalId: true },
  async handle() {
    return {}
  },
}
