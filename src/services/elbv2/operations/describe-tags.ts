import type { Elbv2Operation } from '../deps.ts'
import { tagsOf } from '../tags.ts'

export const describeTags: Elbv2Operation<'DescribeTags'> = {
  accepts: { ResourceArns: true },
  async handle(input, { scope }, deps) {
    const descriptions = await Promise.all(
      (input.ResourceArns ?? []).map(async (arn) => ({
        ResourceArn: arn,
        Tags: [...(await tagsOf(deps, scope, arn))],
      })),
    )
    return { TagDescriptions: descriptions }
  },
}
