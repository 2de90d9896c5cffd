import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  GetConsoleOutputCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type Instance,
} from '@aws-sdk/client-ec2'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { GatewayConfiguration } from '../../src/protocol/gateway.ts'
import { until, type Platform } from './platform.ts'

/** The first line of its console is the moment, in nanoseconds; then it serves its own name on port 80 from some 5 MiB of memory. */
const serving = `#!/bin/sh
date +%s%N
cat > /serve.pl <<'END'
use IO::Socket::INET;
$SIG{CHLD} = 'IGNORE';
my $name = $ARGV[0];
my $listener = IO::Socket::INET->new(LocalPort => 80, Listen => 128, ReuseAddr => 1) or die $!;
while (1) {
  my $client = $listener->accept or next;
  while (my $line = <$client>) {
    next unless $line =~ /^\\r?\\n$/;
    print $client "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($name) . "\\r\\nConnection: close\\r\\n\\r\\n$name";
    last;
  }
  close $client;
}
END
setsid perl /serve.pl "$(hostname)" >/dev/null 2>&1 &
`

const waitMilliseconds = 300_000

/** Many machines of the default VPC, over the wire. Close it when done. */
export class Fleet {
  readonly platform: Platform
  readonly #ec2: EC2Client
  readonly #elb: ElasticLoadBalancingV2Client
  subnets: readonly string[] = []
  vpcId = ''

  constructor(platform: Platform) {
    this.platform = platform
    const { endpoint, credentials } = platform
    this.#ec2 = new EC2Client({ endpoint, credentials, region: 'us-east-1' })
    this.#elb = new ElasticLoadBalancingV2Client({ endpoint, credentials, region: 'us-east-1' })
  }

  /** The default VPC's subnets, with port 80 open. */
  async open(): Promise<void> {
    const { Subnets = [] } = await this.#ec2.send(new DescribeSubnetsCommand({}))
    this.subnets = Subnets.map((subnet) => subnet.SubnetId ?? '')
    this.vpcId = Subnets[0]?.VpcId ?? ''
    const { SecurityGroups } = await this.#ec2.send(new DescribeSecurityGroupsCommand({}))
    await this.#ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: SecurityGroups?.[0]?.GroupId,
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
        CidrIp: '0.0.0.0/0',
      }),
    )
  }

  /** One call of RunInstances; gives the ids at once. */
  async launch(subnet: number, count: number, image = 'ami-evenkeel'): Promise<readonly string[]> {
    const { Instances = [] } = await this.#ec2.send(
      new RunInstancesCommand({
        ImageId: image,
        InstanceType: 't3.nano',
        MinCount: count,
        MaxCount: count,
        SubnetId: this.subnets[subnet % this.subnets.length],
        UserData: Buffer.from(serving).toString('base64'),
      }),
    )
    return Instances.map((instance) => instance.InstanceId ?? '')
  }

  async describe(): Promise<readonly Instance[]> {
    const all: Instance[] = []
    let NextToken: string | undefined
    do {
      const page = await this.#ec2.send(
        new DescribeInstancesCommand({ MaxResults: 500, ...(NextToken && { NextToken }) }),
      )
      all.push(...(page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []))
      NextToken = page.NextToken
    } while (NextToken)
    return all
  }

  /** Waits until so many instances are in a state. */
  async reached(state: string, count: number): Promise<readonly Instance[]> {
    return until(
      `${count} instances are ${state}`,
      async () => {
        const found = (await this.describe()).filter((each) => each.State?.Name === state)
        return found.length >= count ? found : undefined
      },
      waitMilliseconds,
    )
  }

  /** When its user data began, in milliseconds of the clock of this machine. */
  async userDataAt(InstanceId: string): Promise<number> {
    return until(`the console of ${InstanceId}`, async () => {
      const { Output } = await this.#ec2.send(new GetConsoleOutputCommand({ InstanceId }))
      const text = Buffer.from(Output ?? '', 'base64').toString()
      const nanoseconds = /^\d{19}\s*$/m.exec(text)?.[0]
      return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6
    })
  }

  async terminate(ids: readonly string[]): Promise<void> {
    await this.#ec2.send(new TerminateInstancesCommand({ InstanceIds: [...ids] }))
  }

  /** Waits until its machine is gone. */
  async ended(id: string): Promise<void> {
    await until(`${id} is terminated`, async () => {
      const found = await this.#ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      return found.Reservations?.[0]?.Instances?.[0]?.State?.Name === 'terminated'
    })
  }

  /** An application balancer over all subnets with one group; gives the group's ARN and the balancer's name. */
  async balance(name: string): Promise<{ groupArn: string; dnsName: string }> {
    const { LoadBalancers } = await this.#elb.send(
      new CreateLoadBalancerCommand({ Name: name, Subnets: [...this.subnets] }),
    )
    const { TargetGroups } = await this.#elb.send(
      new CreateTargetGroupCommand({
        Name: name,
        Protocol: 'HTTP',
        Port: 80,
        VpcId: this.vpcId,
        HealthCheckIntervalSeconds: 30,
        HealthyThresholdCount: 2,
      }),
    )
    const groupArn = TargetGroups?.[0]?.TargetGroupArn ?? ''
    await this.#elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: groupArn }],
      }),
    )
    return { groupArn, dnsName: LoadBalancers?.[0]?.DNSName ?? '' }
  }

  async register(TargetGroupArn: string, ids: readonly string[]): Promise<void> {
    const Targets = ids.map((Id) => ({ Id }))
    await this.#elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }))
  }

  async deregister(TargetGroupArn: string, ids: readonly string[]): Promise<void> {
    const Targets = ids.map((Id) => ({ Id }))
    await this.#elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }))
  }

  /** Waits until so many targets of the group are healthy. */
  async healthy(TargetGroupArn: string, count: number): Promise<void> {
    await until(
      `${count} targets are healthy`,
      async () => {
        const health = await this.#elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
        const states = (health.TargetHealthDescriptions ?? []).map(
          (each) => each.TargetHealth?.State,
        )
        return states.filter((state) => state === 'healthy').length === count
      },
      waitMilliseconds,
    )
  }

  /** What each zone's gateway carries out now: it keeps it on its disk once it is in force. */
  configurations(gatewayIds: readonly string[]): readonly GatewayConfiguration[] {
    return gatewayIds.map((id) => {
      const file = join(this.platform.runDirectory, 'gateways', id, 'configuration.json')
      return JSON.parse(readFileSync(file, 'utf8')) as GatewayConfiguration
    })
  }

  close(): void {
    this.#ec2.destroy()
    this.#elb.destroy()
  }
}
