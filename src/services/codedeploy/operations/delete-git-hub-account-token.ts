import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'

export const deleteGitHubAccountToken: CodeDeployOperation<'DeleteGitHubAccountToken'> = {
  accepts: { tokenName: true },
  async handle(input) {
    if (!input.tokenName) throw errors.gitHubTokenNameRequired()
    throw errors.gitHubTokenDoesNotExist(input.tokenName)
  },
}
