/** Which of AWS's errors speaks of a member; the first that fits. */
export const refusals: readonly (readonly [RegExp, string])[] = [
  [/blueGreenDeploymentConfiguration/, 'InvalidBlueGreenDeploymentConfigurationException'],
  [/^deploymentStyle/, 'InvalidDeploymentStyleException'],
  [/^loadBalancerInfo/, 'InvalidLoadBalancerInfoException'],
  [/larmConfiguration/, 'InvalidAlarmConfigException'],
  [/^triggerConfigurations/, 'InvalidTriggerConfigException'],
  [/^ecsServices/, 'InvalidECSServiceException'],

  [/^trafficRoutingConfig/, 'InvalidTrafficRoutingConfigurationException'],
  [/^zonalConfig/, 'InvalidZonalDeploymentConfigurationException'],
  [/^targetInstances/, 'InvalidTargetInstancesException'],
  [/computePlatform/, 'InvalidComputePlatformException'],
  [/^revision/, 'InvalidRevisionException'],
]
