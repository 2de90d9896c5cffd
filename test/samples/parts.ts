/** What AWS's public samples of 2014 to 2017 have in common, in words of our own: parameters, tables of images, cfn-init of a web server. */

export const parameters = {
  KeyName: {
    Description: 'Name of an existing EC2 KeyPair to enable SSH access',
    Type: 'AWS::EC2::KeyPair::KeyName',
    ConstraintDescription: 'must be the name of an existing EC2 KeyPair.',
  },
  InstanceType: {
    Description: 'WebServer EC2 instance type',
    Type: 'String',
    Default: 't2.small',
    AllowedValues: ['t1.micro', 't2.micro', 't2.small', 'm1.small', 'm3.medium', 'c3.large'],
    ConstraintDescription: 'must be a valid EC2 instance type.',
  },
  SSHLocation: {
    Description: 'The IP address range that can be used to SSH to the EC2 instances',
    Type: 'String',
    MinLength: '9',
    MaxLength: '18',
    Default: '0.0.0.0/0',
    AllowedPattern: String.raw`(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/(\d{1,2})`,
    ConstraintDescription: 'must be a valid IP CIDR range of the form x.x.x.x/x.',
  },
}

export const operatorEmail = {
  Description: 'EMail address to notify if there are any scaling operations',
  Type: 'String',
  AllowedPattern: String.raw`([a-zA-Z0-9_\-\.]+)@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([a-zA-Z0-9\-]+\.)+))([a-zA-Z]{2,4}|[0-9]{1,3})(\]?)`,
  ConstraintDescription: 'must be a valid email address.',
}

/** The parameter blocks of databases: names, users and passwords, the latter two not to be shown. */
export const databaseParameters = {
  DBName: databaseParameter('MySQL database name', '64', 'WordPressDB'),
  DBUser: { NoEcho: 'true', ...databaseParameter('Username for MySQL database access', '16') },
  DBPassword: { NoEcho: 'true', ...databaseParameter('Password for MySQL access', '41') },
  DBRootPassword: { NoEcho: 'true', ...databaseParameter('Root password for MySQL', '41') },
}

function databaseParameter(Description: string, MaxLength: string, Default?: string): object {
  return {
    Description,
    Type: 'String',
    MinLength: '1',
    MaxLength,
    AllowedPattern: '[a-zA-Z][a-zA-Z0-9]*',
    ConstraintDescription: 'must begin with a letter and contain only alphanumeric characters.',
    ...(Default === undefined ? {} : { Default }),
  }
}

const hvm = { Arch: 'HVM64' }
const pv = { Arch: 'PV64' }

export const mappings = {
  Region2Examples: {
    'us-east-1': { Examples: 'https://s3.amazonaws.com/cloudformation-examples-us-east-1' },
    'eu-west-1': {
      Examples: 'https://s3-eu-west-1.amazonaws.com/cloudformation-examples-eu-west-1',
    },
  },
  AWSInstanceType2Arch: {
    't1.micro': pv,
    'm1.small': pv,
    't2.micro': hvm,
    't2.small': hvm,
    'm3.medium': hvm,
    'c3.large': hvm,
  },
  AWSRegionArch2AMI: {
    'us-east-1': { PV64: 'ami-2a69aa47', HVM64: 'ami-6869aa05', HVMG2: 'NOT_SUPPORTED' },
    'eu-west-1': { PV64: 'ami-4cdd453f', HVM64: 'ami-f9dd458a', HVMG2: 'NOT_SUPPORTED' },
  },
}

const imageId = {
  'Fn::FindInMap': [
    'AWSRegionArch2AMI',
    { Ref: 'AWS::Region' },
    { 'Fn::FindInMap': ['AWSInstanceType2Arch', { Ref: 'InstanceType' }, 'Arch'] },
  ],
}

export const launched = {
  ImageId: imageId,
  InstanceType: { Ref: 'InstanceType' },
  KeyName: { Ref: 'KeyName' },
}

export function join(...parts: readonly unknown[]): object {
  return { 'Fn::Join': ['', parts] }
}

export function attribute(logicalId: string, name: string): object {
  return { 'Fn::GetAtt': [logicalId, name] }
}

const asRoot = { mode: '000400', owner: 'root', group: 'root' }

/** cfn-hup's own settings, and the hook that runs cfn-init again when the resource's metadata changed. */
export function autoReloader(resource: string, words = '', more = ''): object {
  const action = `action=/opt/aws/bin/cfn-init -v          --stack `
  return {
    '/etc/cfn/cfn-hup.conf': {
      content: join(
        ...['[main]\n', 'stack=', { Ref: 'AWS::StackId' }, '\n'],
        ...['region=', { Ref: 'AWS::Region' }, '\n', more],
      ),
      ...asRoot,
    },
    '/etc/cfn/hooks.d/cfn-auto-reloader.conf': {
      content: join(
        ...['[cfn-auto-reloader-hook]\n', 'triggers=post.update\n'],
        `path=Resources.${resource}.Metadata.AWS::CloudFormation::Init\n`,
        ...[action, { Ref: 'AWS::StackName' }, `          --resource ${resource} ${words}`],
        ...['         --region ', { Ref: 'AWS::Region' }, '\n', 'runas=root\n'],
      ),
    },
  }
}

export const isRunning = { enabled: 'true', ensureRunning: 'true' }

export const hupService = {
  ...isRunning,
  files: ['/etc/cfn/cfn-hup.conf', '/etc/cfn/hooks.d/cfn-auto-reloader.conf'],
}

export const page =
  '<h1>Congratulations, you have successfully launched the AWS CloudFormation sample.</h1>'

export const indexPage = {
  content: {
    'Fn::Join': [
      '\n',
      [
        join(
          '<img src="',
          { 'Fn::FindInMap': ['Region2Examples', { Ref: 'AWS::Region' }, 'Examples'] },
          '/cloudformation_graphic.png" alt="AWS CloudFormation Logo"/>',
        ),
        page,
      ],
    ],
  },
  mode: '000644',
  owner: 'root',
  group: 'root',
}

/** A web server with one page, that follows changes of its metadata. */
export function webServer(resource: string): object {
  return {
    Comment: 'Install a simple application',
    'AWS::CloudFormation::Init': {
      config: {
        packages: { yum: { httpd: [] } },
        files: { '/var/www/html/index.html': indexPage, ...autoReloader(resource) },
        services: { sysvinit: { httpd: isRunning, 'cfn-hup': hupService } },
      },
    },
  }
}

/** cfn-init of `resource`, and its outcome as a signal to `signalled`. */
export function bootstrap(resource: string, signalled = resource, sets = ''): object {
  const region = ['         --region ', { Ref: 'AWS::Region' }, '\n']
  return {
    'Fn::Base64': join(
      ...['#!/bin/bash -xe\n', 'yum update -y aws-cfn-bootstrap\n'],
      ...['/opt/aws/bin/cfn-init -v ', '         --stack ', { Ref: 'AWS::StackName' }],
      ...[`         --resource ${resource} ${sets}`, ...region],
      ...['/opt/aws/bin/cfn-signal -e $? ', '         --stack ', { Ref: 'AWS::StackName' }],
      ...[`         --resource ${signalled} `, ...region],
    ),
  }
}

export const signalled = { ResourceSignal: { Timeout: 'PT15M' } }

export const openSsh = {
  IpProtocol: 'tcp',
  FromPort: '22',
  ToPort: '22',
  CidrIp: { Ref: 'SSHLocation' },
}

export function openTo(port: string): object {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: '0.0.0.0/0' }
}

/** SSH from where it is allowed, and HTTP. */
export const webGroup = {
  Type: 'AWS::EC2::SecurityGroup',
  Properties: {
    GroupDescription: 'Enable HTTP access via port 80 and SSH access',
    SecurityGroupIngress: [openTo('80'), openSsh],
  },
}

export interface Sample {
  readonly Parameters?: object
  readonly Mappings?: object
  readonly Resources: Readonly<Record<string, object>>
  readonly Outputs?: Readonly<Record<string, object>>
}

export function output(Value: unknown): object {
  return { Value }
}

export function template(sample: Sample): string {
  return JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', ...sample })
}
