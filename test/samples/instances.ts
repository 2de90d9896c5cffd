import {
  attribute,
  autoReloader,
  bootstrap,
  databaseParameters,
  hupService,
  isRunning,
  join,
  launched,
  mappings,
  openSsh,
  output,
  parameters,
  signalled,
  webGroup,
  type Sample,
} from './parts.ts'

/** One instance, its group by reference, that signals the end of its set-up. */
function signallingInstance(metadata: object, sets: string, more: object = {}): object {
  return {
    Type: 'AWS::EC2::Instance',
    Metadata: metadata,
    Properties: {
      ...launched,
      SecurityGroups: [{ Ref: 'WebServerSecurityGroup' }],
      UserData: bootstrap('WebServerInstance', 'WebServerInstance', sets),
      ...more,
    },
    CreationPolicy: signalled,
  }
}

const websiteUrl = {
  WebsiteURL: output(join('http://', attribute('WebServerInstance', 'PublicDnsName'))),
}

export const instanceWithSecurityGroup: Sample = {
  Parameters: parameters,
  Mappings: mappings,
  Resources: {
    EC2Instance: {
      Type: 'AWS::EC2::Instance',
      Properties: { ...launched, SecurityGroups: [{ Ref: 'InstanceSecurityGroup' }] },
    },
    InstanceSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'Enable SSH access via port 22',
        SecurityGroupIngress: [openSsh],
      },
    },
  },
  Outputs: {
    InstanceId: output({ Ref: 'EC2Instance' }),
    AZ: output(attribute('EC2Instance', 'AvailabilityZone')),
    PublicDNS: output(attribute('EC2Instance', 'PublicDnsName')),
    PublicIP: output(attribute('EC2Instance', 'PublicIp')),
  },
}

export const addressWithAssociation: Sample = {
  Parameters: parameters,
  Mappings: mappings,
  Resources: {
    EC2Instance: {
      Type: 'AWS::EC2::Instance',
      Properties: {
        ...launched,
        UserData: { 'Fn::Base64': join('IPAddress=', { Ref: 'IPAddress' }) },
        SecurityGroups: [{ Ref: 'InstanceSecurityGroup' }],
      },
    },
    InstanceSecurityGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'Enable SSH access', SecurityGroupIngress: [openSsh] },
    },
    IPAddress: { Type: 'AWS::EC2::EIP' },
    IPAssoc: {
      Type: 'AWS::EC2::EIPAssociation',
      Properties: { InstanceId: { Ref: 'EC2Instance' }, EIP: { Ref: 'IPAddress' } },
    },
  },
  Outputs: {
    InstanceId: output({ Ref: 'EC2Instance' }),
    InstanceIPAddress: output({ Ref: 'IPAddress' }),
  },
}

/** Apache, PHP and MySQL with their set-up in two config sets. */
function lampMetadata(): object {
  const database = [{ Ref: 'DBName' }, " -u root --password='", { Ref: 'DBRootPassword' }]
  const isMissing = join('$(mysql ', ...database, "' >/dev/null 2>&1 </dev/null); (( $? != 0 ))")
  return {
    'AWS::CloudFormation::Init': {
      configSets: { InstallAndRun: ['Install', 'Configure'] },
      Install: {
        packages: {
          yum: {
            mysql: [],
            'mysql-server': [],
            'mysql-libs': [],
            httpd: [],
            php: [],
            'php-mysql': [],
          },
        },
        files: {
          '/var/www/html/index.php': {
            content: join(
              '<html><body><h1>Welcome to the AWS CloudFormation PHP Sample</h1>\n',
              '<?php $connection = new mysqli("localhost", "',
              ...[{ Ref: 'DBUser' }, '", "', { Ref: 'DBPassword' }, '"); ?>\n'],
              '<p>Connected</p></body></html>\n',
            ),
            mode: '000600',
            owner: 'apache',
            group: 'apache',
          },
          '/tmp/setup.mysql': {
            content: join('CREATE DATABASE ', { Ref: 'DBName' }, ';\n'),
            mode: '000400',
            owner: 'root',
            group: 'root',
          },
          ...autoReloader('WebServerInstance', '--configsets InstallAndRun '),
        },
        services: { sysvinit: { mysqld: isRunning, httpd: isRunning, 'cfn-hup': hupService } },
      },
      Configure: {
        commands: {
          '01_set_mysql_root_password': {
            command: join("mysqladmin -u root password '", { Ref: 'DBRootPassword' }, "'"),
            test: isMissing,
          },
          '02_create_database': {
            command: join(
              "mysql -u root --password='",
              { Ref: 'DBRootPassword' },
              "' < /tmp/setup.mysql",
            ),
            test: isMissing,
          },
        },
      },
    },
  }
}

export const lampSingleInstance: Sample = {
  Parameters: { ...parameters, ...databaseParameters },
  Mappings: mappings,
  Resources: {
    WebServerInstance: signallingInstance(lampMetadata(), '--configsets InstallAndRun '),
    WebServerSecurityGroup: webGroup,
  },
  Outputs: websiteUrl,
}

/** Like WordPress on one machine: sets in turn, a source that is unpacked, a script, a hook without a user. */
export function wordPress(source: unknown, packages: object): Sample {
  const metadata = {
    'AWS::CloudFormation::Init': {
      configSets: {
        wordpress_install: ['install_cfn', 'install_wordpress', 'configure_wordpress'],
      },
      install_cfn: {
        files: {
          ...autoReloader('WebServerInstance'),
          '/etc/cfn/hooks.d/cfn-auto-reloader.conf': {
            content: join(
              '[cfn-auto-reloader-hook]\ntriggers=post.update\n',
              'path=Resources.WebServerInstance.Metadata.AWS::CloudFormation::Init\n',
              'action=/opt/aws/bin/cfn-init -v --stack ',
              ...[{ Ref: 'AWS::StackName' }, ' --resource WebServerInstance '],
              ...['--configsets wordpress_install --region ', { Ref: 'AWS::Region' }, '\n'],
            ),
            mode: '000400',
            owner: 'root',
            group: 'root',
          },
        },
        services: { sysvinit: { 'cfn-hup': hupService } },
      },
      install_wordpress: {
        packages: { yum: packages },
        sources: { '/var/www/html': source },
        files: {
          '/tmp/create-wp-config': {
            content: join(
              '#!/bin/bash -xe\ncp wp-config-sample.php wp-config.php\n',
              ...["sed -i \"s/'database_name_here'/'", { Ref: 'DBName' }, '\'/g" wp-config.php\n'],
            ),
            mode: '000500',
            owner: 'root',
            group: 'root',
          },
        },
        services: { sysvinit: { httpd: isRunning } },
      },
      configure_wordpress: {
        commands: {
          '03_configure_wordpress': {
            command: '/tmp/create-wp-config',
            cwd: '/var/www/html/wordpress',
          },
        },
      },
    },
  }
  return {
    Parameters: { ...parameters, ...databaseParameters },
    Mappings: mappings,
    Resources: {
      WebServerInstance: signallingInstance(metadata, '--configsets wordpress_install '),
      WebServerSecurityGroup: webGroup,
    },
    Outputs: websiteUrl,
  }
}

/** The tutorial of updates: the part changes what the page says, then the kind of instance and its groups. */
export function updateTutorial(part: 1 | 2 | 3 | 4 | 5): Sample {
  const metadata = {
    'AWS::CloudFormation::Init': {
      config: {
        packages: { yum: { httpd: [] } },
        files: {
          '/var/www/html/index.html': {
            content: `<h1>Part ${part < 2 ? 1 : 2} of the tutorial</h1>\n`,
            mode: '000644',
            owner: 'apache',
            group: 'apache',
          },
          ...autoReloader('WebServerInstance', '', 'interval=1\n'),
        },
        services: { sysvinit: { httpd: isRunning, 'cfn-hup': hupService } },
      },
    },
  }
  const withKey = part < 4 ? { KeyName: { Ref: 'AWS::NoValue' } } : {}
  const InstanceType = part < 3 ? 't1.micro' : { Ref: 'InstanceType' }
  const address = {
    Endpoint: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: { Ref: 'WebServerInstance' } } },
  }
  return {
    Parameters: parameters,
    Mappings: mappings,
    Resources: {
      WebServerInstance: signallingInstance(metadata, '', { InstanceType, ...withKey }),
      WebServerSecurityGroup: webGroup,
      ...(part < 5 ? {} : address),
    },
    Outputs: part < 5 ? websiteUrl : { WebsiteURL: output(join('http://', { Ref: 'Endpoint' })) },
  }
}

/** A private object becomes a page, with keys of a user that the template makes. */
export const bucketAuthentication: Sample = {
  Parameters: { ...parameters, BucketName: { Type: 'String' } },
  Mappings: mappings,
  Resources: {
    CfnUser: {
      Type: 'AWS::IAM::User',
      Properties: {
        Path: '/',
        Policies: [
          {
            PolicyName: 'root',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['cloudformation:DescribeStackResource', 's3:GetObject'],
                  Resource: '*',
                },
              ],
            },
          },
        ],
      },
    },
    CfnKeys: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'CfnUser' } } },
    WebServer: {
      Type: 'AWS::EC2::Instance',
      Metadata: {
        'AWS::CloudFormation::Init': {
          config: {
            packages: { yum: { httpd: [] } },
            files: {
              '/var/www/html/index.html': {
                source: join('http://', { Ref: 'BucketName' }, '.s3.amazonaws.com/index.html'),
                mode: '000400',
                owner: 'apache',
                group: 'apache',
              },
            },
            services: { sysvinit: { httpd: isRunning } },
          },
        },
        'AWS::CloudFormation::Authentication': {
          S3AccessCreds: {
            type: 'S3',
            accessKeyId: { Ref: 'CfnKeys' },
            secretKey: attribute('CfnKeys', 'SecretAccessKey'),
            buckets: [{ Ref: 'BucketName' }],
          },
        },
      },
      Properties: {
        ...launched,
        SecurityGroups: [{ Ref: 'WebServerSecurityGroup' }],
        UserData: {
          'Fn::Base64': join(
            '#!/bin/bash\nyum update -y aws-cfn-bootstrap\n',
            ...['/opt/aws/bin/cfn-init -s ', { Ref: 'AWS::StackId' }, ' -r WebServer '],
            ...['    --region ', { Ref: 'AWS::Region' }, '\n'],
            ...["/opt/aws/bin/cfn-signal -e $? '", { Ref: 'WaitHandle' }, "'\n"],
          ),
        },
      },
    },
    WaitHandle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    WaitCondition: {
      Type: 'AWS::CloudFormation::WaitCondition',
      DependsOn: 'WebServer',
      Properties: { Handle: { Ref: 'WaitHandle' }, Timeout: '300' },
    },
    WebServerSecurityGroup: webGroup,
  },
  Outputs: { WebsiteURL: output(join('http://', attribute('WebServer', 'PublicDnsName'))) },
}
