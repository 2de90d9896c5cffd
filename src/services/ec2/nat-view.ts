import type { NatGateway as AwsNatGateway } from '@aws-sdk/client-ec2'
import type { NatGateway } from '../../network/records.ts'

/** How long a deleted one is still shown, as on EC2. */
export const deletedShownMilliseconds = 3_600_000

export function natGatewayView(gateway: NatGateway): AwsNatGateway {
  const { allocationId, deletedAt } = gateway
  return {
    NatGatewayId: gateway.natGatewayId,
    VpcId: gateway.vpcId,
    SubnetId: gateway.subnetId,
    State: deletedAt === undefined ? 'available' : 'deleted',
    ConnectivityType: allocationId === undefined ? 'private' : 'public',
    CreateTime: new Date(gateway.createdAt),
    ...(deletedAt !== undefined && { DeleteTime: new Date(deletedAt) }),
    NatGatewayAddresses: [
      {
        NetworkInterfaceId: gateway.interfaceId,
        PrivateIp: gateway.privateAddress,
        IsPrimary: true,
        Status: 'succeeded',
        ...(allocationId !== undefined && {
          AllocationId: allocationId,
          PublicIp: gateway.publicAddress,
          AssociationId: gateway.associationId,
        }),
      },
    ],
    Tags: [...gateway.tags],
  }
}
