import { applications } from '../../../deploy/application.ts'
import type { ResourceType } from '../../../stacks/resource-type.ts'
import { is } from '../../../wire/accept.ts'
import type { CodeDeployDeps } from '../codedeploy-operation.ts'
import { invalidComputePlatform } from '../errors.ts'
import { templateText } from '../template-text.ts'
import { makeApplication, removeApplication } from '../make-records.ts'

const isServer = is(undefined, 'Server')

/** `AWS::CodeDeploy::Application`: Ref is its name. */
export function applicationResource(deps: CodeDeployDeps): ResourceType {
  return {
    name: 'AWS::CodeDeploy::Application',
    properties: { ApplicationName: 'string', ComputePlatform: 'string', Tags: true },
    required: [],
    attributes: [],
    replaceOn: ['ApplicationName', 'ComputePlatform'],
    async create(properties, context) {
      const platform = properties['ComputePlatform']
      if (!isServer(platform)) throw invalidComputePlatform(templateText(platform) ?? '')
      const given = templateText(properties['ApplicationName'])
      const applicationName = given ?? context.physicalName(100)
      const { store } = deps.deploy
      const isOurs =
        given === undefined && (await store.find(applications, context.scope, applicationName))
      await context.started(applicationName)
      if (!isOurs) {
        const tags = [...((properties['Tags'] ?? []) as []), ...context.tags]
        await makeApplication(deps, context.scope, { applicationName, tags })
      }
      return { physicalId: applicationName, attributes: {} }
    },
    async remove(resource, context) {
      await removeApplication(deps, context.scope, resource.physicalId)
    },
  }
}
