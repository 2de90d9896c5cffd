import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'

/** Connections are made in AWS's console alone: here there are none, and one page of them. */
export const listGitHubAccountTokenNames: CodeDeployOperation<'ListGitHubAccountTokenNames'> = {
  accepts: { nextToken: true },
  async handle(input) {
    if (input.nextToken !== undefined) throw errors.invalidNextToken()
    return { tokenNameList: [] }
  },
}
