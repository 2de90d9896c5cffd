/** Calls an operation as the account's root. */
export type RootCall = <T>(service: string, operation: string, input: object) => Promise<T>

interface Described {
  readonly Stacks?: readonly { StackName: string; StackStatus: string }[]
  readonly LoadBalancers?: readonly { LoadBalancerArn: string; DNSName: string }[]
  readonly TargetGroups?: readonly {
    TargetGroupArn: string
    LoadBalancerArns?: readonly string[]
  }[]
  readonly TargetHealthDescriptions?: readonly {
    Target: { Id: string; AvailabilityZone?: string }
    TargetHealth: { State: string }
  }[]
  readonly AutoScalingGroups?: readonly {
    AutoScalingGroupName: string
    DesiredCapacity: number
    Instances?: readonly {
      InstanceId: string
      AvailabilityZone: string
      LifecycleState: string
      WeightedCapacity?: string
    }[]
  }[]
  readonly Reservations?: readonly {
    Instances?: readonly {
      InstanceId: string
      Placement?: { AvailabilityZone?: string }
      PrivateIpAddress?: string
      State?: { Name?: string }
      Tags?: readonly { Key: string; Value: string }[]
    }[]
  }[]
  readonly deployments?: readonly string[]
  readonly deploymentsInfo?: readonly {
    deploymentId: string
    deploymentGroupName: string
    status: string
  }[]
}

/** The parts of `evenkeel status` that the AWS operations tell. */
export async function platformStatus(call: RootCall, sitePort: number): Promise<object> {
  const { Stacks = [] } = await call<Described>('cloudformation', 'DescribeStacks', {})
  const { AutoScalingGroups = [] } = await call<Described>(
    'autoscaling',
    'DescribeAutoScalingGroups',
    {},
  )
  const zones = new Map(
    AutoScalingGroups.flatMap((group) => group.Instances ?? []).map((member) => [
      member.InstanceId,
      member.AvailabilityZone,
    ]),
  )
  return {
    stacks: Stacks.map((stack) => ({ name: stack.StackName, status: stack.StackStatus })),
    sites: await sitesOf(call, sitePort, zones),
    groups: AutoScalingGroups.map((group) => ({
      name: group.AutoScalingGroupName,
      desired: group.DesiredCapacity,
      inService: (group.Instances ?? [])
        .filter((one) => one.LifecycleState === 'InService')
        .reduce((units, one) => units + Number(one.WeightedCapacity ?? 1), 0),
    })),
    instances: await instancesOf(call),
    deployments: await deploymentsOf(call),
  }
}

async function sitesOf(
  call: RootCall,
  sitePort: number,
  zones: ReadonlyMap<string, string>,
): Promise<readonly object[]> {
  const { LoadBalancers = [] } = await call<Described>('elbv2', 'DescribeLoadBalancers', {})
  const { TargetGroups = [] } = await call<Described>('elbv2', 'DescribeTargetGroups', {})
  const sites: object[] = []
  for (const balancer of LoadBalancers) {
    const groups = TargetGroups.filter((group) =>
      group.LoadBalancerArns?.includes(balancer.LoadBalancerArn),
    )
    const targets: object[] = []
    for (const { TargetGroupArn } of groups) {
      const health = await call<Described>('elbv2', 'DescribeTargetHealth', { TargetGroupArn })
      for (const one of health.TargetHealthDescriptions ?? []) {
        const zone = one.Target.AvailabilityZone ?? zones.get(one.Target.Id) ?? ''
        targets.push({ id: one.Target.Id, zone, state: one.TargetHealth.State })
      }
    }
    sites.push({ name: balancer.DNSName, url: `http://${balancer.DNSName}:${sitePort}/`, targets })
  }
  return sites
}

async function instancesOf(call: RootCall): Promise<readonly object[]> {
  const { Reservations = [] } = await call<Described>('ec2', 'DescribeInstances', {})
  return Reservations.flatMap((reservation) => reservation.Instances ?? [])
    .filter((instance) => instance.State?.Name !== 'terminated')
    .map((instance) => ({
      id: instance.InstanceId,
      zone: instance.Placement?.AvailabilityZone ?? '',
      address: instance.PrivateIpAddress ?? '',
      state: instance.State?.Name ?? '',
      name: instance.Tags?.find((tag) => tag.Key === 'Name')?.Value ?? '',
    }))
}

/** The batch call takes 25 at most; the newest are listed first. */
const deploymentsMax = 10

async function deploymentsOf(call: RootCall): Promise<readonly object[]> {
  const { deployments = [] } = await call<Described>('codedeploy', 'ListDeployments', {})
  const deploymentIds = deployments.slice(0, deploymentsMax)
  if (deploymentIds.length === 0) return []
  const { deploymentsInfo = [] } = await call<Described>('codedeploy', 'BatchGetDeployments', {
    deploymentIds,
  })
  return deploymentsInfo.map((deployment) => ({
    id: deployment.deploymentId,
    group: deployment.deploymentGroupName,
    status: deployment.status,
  }))
}
