import type {
  DeleteLaunchTemplateVersionsResponseErrorItem,
  DeleteLaunchTemplateVersionsResponseSuccessItem,
} from '@aws-sdk/client-ec2'
import { Refusal } from '../../../network/refusal.ts'
import { required } from '../input.ts'
import { templateRefOf } from '../template-view.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteLaunchTemplateVersions: Ec2Operation<'DeleteLaunchTemplateVersions'> = {
  accepts: { LaunchTemplateId: true, LaunchTemplateName: true, Versions: true },
  async handle(input, { scope }, { compute }) {
    const ref = templateRefOf(input)
    const template = await compute.launchTemplates.require(scope, ref)
    const deleted: DeleteLaunchTemplateVersionsResponseSuccessItem[] = []
    const failed: DeleteLaunchTemplateVersionsResponseErrorItem[] = []
    for (const version of required(input.Versions, 'LaunchTemplateVersion')) {
      const entry = {
        LaunchTemplateId: template.launchTemplateId,
        LaunchTemplateName: template.name,
        VersionNumber: Number(version),
      }
      try {
        await compute.launchTemplates.removeVersion(scope, ref, Number(version))
        deleted.push(entry)
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown
        const isAbsent = thrown.code !== 'OperationNotPermitted'
        const Code = isAbsent ? 'launchTemplateVersionDoesNotExist' : 'unexpectedError'
        failed.push({ ...entry, ResponseError: { Code, Message: thrown.message } })
      }
    }
    return {
      SuccessfullyDeletedLaunchTemplateVersions: deleted,
      UnsuccessfullyDeletedLaunchTemplateVersions: failed,
    }
  },
}
