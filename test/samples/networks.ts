import {
  attribute,
  bootstrap,
  join,
  launched,
  mappings,
  openTo,
  output,
  parameters,
  signalled,
  webGroup,
  webServer,
  type Sample,
} from './parts.ts'

const ofStack = [{ Key: 'Application', Value: { Ref: 'AWS::StackId' } }]

function entry(RuleNumber: string, Egress: string, range: readonly [string, string]): object {
  const [From, To] = range
  return {
    Type: 'AWS::EC2::NetworkAclEntry',
    Properties: {
      ...{ NetworkAclId: { Ref: 'NetworkAcl' }, RuleNumber, Protocol: '6', RuleAction: 'allow' },
      ...{ Egress, CidrBlock: '0.0.0.0/0', PortRange: { From, To } },
    },
  }
}

/** A VPC, one public subnet, its routes and its access lists. */
const subnetWithLists: Readonly<Record<string, object>> = {
  VPC: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16', Tags: ofStack } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'VPC' }, CidrBlock: '10.0.0.0/24', Tags: ofStack },
  },
  InternetGateway: { Type: 'AWS::EC2::InternetGateway', Properties: { Tags: ofStack } },
  AttachGateway: {
    Type: 'AWS::EC2::VPCGatewayAttachment',
    Properties: { VpcId: { Ref: 'VPC' }, InternetGatewayId: { Ref: 'InternetGateway' } },
  },
  RouteTable: {
    Type: 'AWS::EC2::RouteTable',
    Properties: { VpcId: { Ref: 'VPC' }, Tags: ofStack },
  },
  Route: {
    Type: 'AWS::EC2::Route',
    DependsOn: 'AttachGateway',
    Properties: {
      RouteTableId: { Ref: 'RouteTable' },
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: { Ref: 'InternetGateway' },
    },
  },
  SubnetRouteTableAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'RouteTable' } },
  },
  NetworkAcl: {
    Type: 'AWS::EC2::NetworkAcl',
    Properties: { VpcId: { Ref: 'VPC' }, Tags: ofStack },
  },
  InboundHTTPNetworkAclEntry: entry('100', 'false', ['80', '80']),
  InboundSSHNetworkAclEntry: entry('101', 'false', ['22', '22']),
  InboundResponsePortsNetworkAclEntry: entry('102', 'false', ['1024', '65535']),
  OutBoundHTTPNetworkAclEntry: entry('100', 'true', ['80', '80']),
  OutBoundHTTPSNetworkAclEntry: entry('101', 'true', ['443', '443']),
  OutBoundResponsePortsNetworkAclEntry: entry('102', 'true', ['1024', '65535']),
  SubnetNetworkAclAssociation: {
    Type: 'AWS::EC2::SubnetNetworkAclAssociation',
    Properties: { SubnetId: { Ref: 'Subnet' }, NetworkAclId: { Ref: 'NetworkAcl' } },
  },
}

/** A VPC of one subnet, its access lists and routes, and one web server with an address of its own. */
export const singleInstanceInSubnet: Sample = {
  Parameters: parameters,
  Mappings: mappings,
  Resources: {
    ...subnetWithLists,
    IPAddress: {
      Type: 'AWS::EC2::EIP',
      DependsOn: 'AttachGateway',
      Properties: { Domain: 'vpc', InstanceId: { Ref: 'WebServerInstance' } },
    },
    InstanceSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { VpcId: { Ref: 'VPC' }, ...webGroup.Properties },
    },
    WebServerInstance: {
      Type: 'AWS::EC2::Instance',
      DependsOn: 'AttachGateway',
      Metadata: webServer('WebServerInstance'),
      Properties: {
        ...launched,
        Tags: ofStack,
        NetworkInterfaces: [
          {
            GroupSet: [{ Ref: 'InstanceSecurityGroup' }],
            AssociatePublicIpAddress: 'true',
            DeviceIndex: '0',
            DeleteOnTermination: 'true',
            SubnetId: { Ref: 'Subnet' },
          },
        ],
        UserData: bootstrap('WebServerInstance'),
      },
      CreationPolicy: signalled,
    },
  },
  Outputs: { URL: output(join('http://', attribute('WebServerInstance', 'PublicIp'))) },
}

/** A group behind a classic balancer in a VPC that is there already. */
export const groupInVpc: Sample = {
  Parameters: {
    ...parameters,
    VpcId: { Type: 'AWS::EC2::VPC::Id', Description: 'VpcId of your existing VPC' },
    Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' },
    AZs: { Type: 'List<AWS::EC2::AvailabilityZone::Name>' },
    InstanceCount: { Type: 'Number', Default: '1' },
  },
  Mappings: mappings,
  Resources: {
    WebServerGroup: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        AvailabilityZones: { Ref: 'AZs' },
        VPCZoneIdentifier: { Ref: 'Subnets' },
        LaunchConfigurationName: { Ref: 'LaunchConfig' },
        MinSize: '1',
        MaxSize: '10',
        DesiredCapacity: { Ref: 'InstanceCount' },
        LoadBalancerNames: [{ Ref: 'ElasticLoadBalancer' }],
      },
      CreationPolicy: { ResourceSignal: { Timeout: 'PT15M', Count: { Ref: 'InstanceCount' } } },
    },
    LaunchConfig: {
      Type: 'AWS::AutoScaling::LaunchConfiguration',
      Metadata: webServer('LaunchConfig'),
      Properties: {
        ...launched,
        SecurityGroups: [{ Ref: 'InstanceSecurityGroup' }],
        UserData: bootstrap('LaunchConfig', 'WebServerGroup'),
      },
    },
    ElasticLoadBalancer: {
      Type: 'AWS::ElasticLoadBalancing::LoadBalancer',
      Properties: {
        SecurityGroups: [{ Ref: 'LoadBalancerSecurityGroup' }],
        Subnets: { Ref: 'Subnets' },
        Listeners: [{ LoadBalancerPort: '80', InstancePort: '80', Protocol: 'HTTP' }],
        HealthCheck: {
          ...{ Target: 'HTTP:80/', HealthyThreshold: '3', UnhealthyThreshold: '5' },
          ...{ Interval: '30', Timeout: '5' },
        },
      },
    },
    LoadBalancerSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'Enable HTTP access on port 80',
        VpcId: { Ref: 'VpcId' },
        SecurityGroupIngress: [openTo('80')],
        SecurityGroupEgress: [openTo('80')],
      },
    },
    InstanceSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'Enable HTTP access from the load balancer',
        VpcId: { Ref: 'VpcId' },
        SecurityGroupIngress: [
          {
            ...{ IpProtocol: 'tcp', FromPort: '80', ToPort: '80' },
            SourceSecurityGroupId: { Ref: 'LoadBalancerSecurityGroup' },
          },
        ],
      },
    },
  },
  Outputs: { URL: output(join('http://', attribute('ElasticLoadBalancer', 'DNSName'))) },
}
