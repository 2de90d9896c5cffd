import { arnOf } from '../../../kernel/arn.ts'
import { noDefaultVpc } from '../errors.ts'
import { groupDescriptionOf, groupNameOf } from '../group-names.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const createSecurityGroup: Ec2Operation<'CreateSecurityGroup'> = {
  accepts: {
    GroupName: true,
    Description: true,
    VpcId: true,
    TagSpecifications: tagSpecifications,
  },
  async handle(input, { scope }, { network }) {
    const vpcId = input.VpcId ?? (await network.ensureDefaultVpc(scope))
    if (vpcId === undefined) throw noDefaultVpc()
    const { groupId, tags } = await network.security.createGroup(scope, {
      name: groupNameOf(required(input.GroupName, 'GroupName')),
      description: groupDescriptionOf(required(input.Description, 'GroupDescription')),
      vpcId,
      tags: tagsFor('security-group', input.TagSpecifications),
    })
    return {
      GroupId: groupId,
      Tags: [...tags],
      SecurityGroupArn: arnOf('ec2', scope, `security-group/${groupId}`),
    }
  },
}
