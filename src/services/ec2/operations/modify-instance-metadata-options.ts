import { instanceNotFound } from '../../../compute/instance-refusals.ts'
import { is } from '../../../wire/accept.ts'
import { required } from '../input.ts'
import { valuesById } from '../instance-lookup.ts'
import { metadataOptionsView } from '../instance-view.ts'
import { metadataSettings } from '../launch-settings.ts'
import type { Ec2Operation } from '../deps.ts'

export const modifyInstanceMetadataOptions: Ec2Operation<'ModifyInstanceMetadataOptions'> = {
  accepts: {
    InstanceId: true,
    HttpTokens: true,
    HttpEndpoint: true,
    InstanceMetadataTags: true,
    HttpPutResponseHopLimit: true,
    HttpProtocolIpv6: is('disabled'),
  },
  async handle(input, { scope }, deps) {
    const id = required(input.InstanceId, 'instanceId')
    const settings = metadataSettings(input)
    const [instance] = await valuesById(deps, scope, [id])
    if (!instance) throw instanceNotFound(id)
    await deps.compute.instances.change(scope, id, (value) => ({ ...value, ...settings }))
    return {
      InstanceId: id,
      InstanceMetadataOptions: metadataOptionsView({ ...instance, ...settings }),
    }
  },
}
