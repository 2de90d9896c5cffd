import type { AsAwsError } from '../kernel/answered.ts'
import { AwsError, type EngineRefusal } from '../kernel/errors.ts'

/**
 * How a service tells what its engine refuses: the engine has the API's own codes and words already. `shapes` are the names of those
 * of the model's shapes that are called otherwise than their codes.
 */
export function tellingRefusals(
  Refusal: new (code: never, message: string) => EngineRefusal,
  shapes: Readonly<Record<string, string>> = {},
): AsAwsError {
  return (thrown) =>
    thrown instanceof Refusal
      ? new AwsError(shapes[thrown.code] ?? thrown.code, thrown.message)
      : thrown
}
