import type { DynamicReference } from './domain/dynamic-references.ts'
import type { Scope } from '../kernel/scope.ts'

/**
 * What templates ask of the account they are launched in. Stacks know no service: the composition root hands this in, from EC2.
 */
export interface ParameterLookups {
  /**
   * Whether a parameter's value exists, for the AWS-specific parameter types (`AWS::EC2::KeyPair::KeyName`,
   * `AWS::EC2::Subnet::Id`). Undefined: this installation does not know the type, and the template is refused by its name.
   */
  exists(scope: Scope, type: string, value: string): Promise<boolean | undefined>
  /** The value of an SSM parameter (`name`, `name:3`); undefined when there is none. Absent: this installation has no Parameter Store. */
  stored?(scope: Scope, selector: string): Promise<string | undefined>
  /**
   * What a dynamic reference stands for. Throws an `AwsError` when there is none. Absent: this installation has no such services.
   */
  dynamic?(scope: Scope, reference: DynamicReference): Promise<string>
  /** `Fn::GetAZs`: the region's zones that have a default subnet, or all of them when none has one. Sorted. */
  zones(scope: Scope): Promise<readonly string[]>
}
