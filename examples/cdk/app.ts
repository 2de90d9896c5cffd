import { App, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import { AutoScalingGroup, HealthChecks, Signals, UpdatePolicy } from 'aws-cdk-lib/aws-autoscaling'
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch'
import { LoadBalancer, ServerApplication, ServerDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy'
import {
  InstanceType,
  IpAddresses,
  LaunchTemplate,
  MachineImage,
  Port,
  SecurityGroup,
  SubnetType,
  UserData,
  Vpc,
} from 'aws-cdk-lib/aws-ec2'
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** A website in two zones behind a balancer, whose group is not complete before its machines have signalled. */
class WebsiteStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props)
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.8.0.0/16'),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'web', subnetType: SubnetType.PUBLIC, cidrMask: 24 }],
      restrictDefaultSecurityGroup: false,
    })
    const site = new Asset(this, 'Site', { path: new URL('site', import.meta.url).pathname })
    const jobs = new Queue(this, 'Jobs', {
      visibilityTimeout: Duration.seconds(Number(this.node.tryGetContext('visibility') ?? 30)),
      deadLetterQueue: { queue: new Queue(this, 'Lost'), maxReceiveCount: 3 },
    })
    jobs.metricApproximateNumberOfMessagesVisible().createAlarm(this, 'JobsWait', {
      threshold: 100,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    })
    const webGroup = this.group(vpc, site)
    const balancer = new ApplicationLoadBalancer(this, 'Balancer', { vpc, internetFacing: true })
    const targets = balancer.addListener('Http', { port: 80 }).addTargets('Web', {
      port: 80,
      targets: [webGroup],
      healthCheck: {
        path: '/index.html',
        interval: Duration.seconds(5),
        timeout: Duration.seconds(2),
      },
      deregistrationDelay: Duration.seconds(5),
    })
    webGroup.connections.allowFrom(balancer, Port.tcp(80))
    new ServerDeploymentGroup(this, 'Deployments', {
      application: new ServerApplication(this, 'Application'),
      autoScalingGroups: [webGroup],
      installAgent: false,
      loadBalancers: [LoadBalancer.application(targets)],
    })
    new CfnOutput(this, 'Url', { value: `http://${balancer.loadBalancerDnsName}/` })
    new CfnOutput(this, 'Queue', { value: jobs.queueUrl })
    new CfnOutput(this, 'SiteObject', { value: site.s3ObjectUrl })
  }

  private group(vpc: Vpc, site: Asset): AutoScalingGroup {
    const userData = UserData.forLinux()
    userData.addCommands(
      'mkdir -p /srv/www && echo "made by CDK" > /srv/www/index.html',
      'cd /srv/www && (setsid python3 -m http.server 80 >/dev/null 2>&1 &)',
    )
    // A version whose machines do not come up: `-c broken=true` shows that it is undone.
    if (this.node.tryGetContext('broken') !== undefined) userData.addCommands('exit 7')
    const role = new Role(this, 'WebRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') })
    site.grantRead(role)
    const webGroup = new AutoScalingGroup(this, 'Web', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      launchTemplate: new LaunchTemplate(this, 'WebMachine', {
        instanceType: new InstanceType('t3.micro'),
        machineImage: MachineImage.latestAmazonLinux2023(),
        securityGroup: new SecurityGroup(this, 'WebGroup', { vpc }),
        userData,
        role,
      }),
      minCapacity: 2,
      maxCapacity: 4,
      healthChecks: HealthChecks.ec2(),
      signals: Signals.waitForMinCapacity({ timeout: Duration.minutes(3) }),
      updatePolicy: UpdatePolicy.rollingUpdate({ maxBatchSize: 1, minInstancesInService: 1 }),
    })
    userData.addSignalOnExitCommand(webGroup)
    return webGroup
  }
}

const app = new App()
new WebsiteStack(app, 'CdkWebsite', {
  env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
})
app.synth()
