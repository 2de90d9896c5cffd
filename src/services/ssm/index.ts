import { AwsError } from '../../kernel/errors.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { parameterNotFound, unsupportedMember } from './errors.ts'
import { addTagsToResource } from './operations/add-tags-to-resource.ts'
import { deleteParameter } from './operations/delete-parameter.ts'
import { deleteParameters } from './operations/delete-parameters.ts'
import { describeParameters } from './operations/describe-parameters.ts'
import { getParameterHistory } from './operations/get-parameter-history.ts'
import { getParameter } from './operations/get-parameter.ts'
import { getParametersByPath } from './operations/get-parameters-by-path.ts'
import { getParameters } from './operations/get-parameters.ts'
import { labelParameterVersion } from './operations/label-parameter-version.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { putParameter } from './operations/put-parameter.ts'
import { removeTagsFromResource } from './operations/remove-tags-from-resource.ts'
import { unlabelParameterVersion } from './operations/unlabel-parameter-version.ts'
import { needParameter, shownValue } from './parameters.ts'
import type { SsmDeps } from './service-deps.ts'
import { parameterType } from './stack-resources/parameter.ts'

/** Systems Manager: the Parameter Store. */
export function ssmService(deps: SsmDeps): Service {
  return serviceOf(deps, {
    id: 'ssm',
    refuseMember: unsupportedMember,
    operations: {
      AddTagsToResource: addTagsToResource,
      DeleteParameter: deleteParameter,
      DeleteParameters: deleteParameters,
      DescribeParameters: describeParameters,
      GetParameter: getParameter,
      GetParameterHistory: getParameterHistory,
      GetParameters: getParameters,
      GetParametersByPath: getParametersByPath,
      LabelParameterVersion: labelParameterVersion,
      ListTagsForResource: listTagsForResource,
      UnlabelParameterVersion: unlabelParameterVersion,
      PutParameter: putParameter,
      RemoveTagsFromResource: removeTagsFromResource,
    },
  })
}

export function ssmResourceTypes(deps: SsmDeps): readonly ResourceType[] {
  return [parameterType(deps)]
}

/** The value of a parameter, for templates; undefined when there is none. */
export function storedParameter(
  deps: SsmDeps,
): (scope: Scope, selector: string) => Promise<string | undefined> {
  return async (scope, selector) => {
    try {
      const parameter = await needParameter(deps, scope, selector)
      return parameter.type === 'SecureString' ? undefined : parameter.value
    } catch (thrown) {
      if (thrown instanceof AwsError) return undefined
      throw thrown
    }
  }
}

/** What a template's `{{resolve:ssm:…}}` and `{{resolve:ssm-secure:…}}` stand for. Throws SSM's errors; plain ones for plain, secure ones for secure. */
export function ssmReferences(
  deps: SsmDeps,
): (
  scope: Scope,
  reference: { readonly service: 'ssm' | 'ssm-secure'; readonly selector: string },
) => Promise<string> {
  return async (scope, { service, selector }) => {
    const parameter = await needParameter(deps, scope, selector)
    const isSecure = parameter.type === 'SecureString'
    if (isSecure !== (service === 'ssm-secure')) throw parameterNotFound(selector)
    return shownValue(deps, parameter, parameter, true)
  }
}
