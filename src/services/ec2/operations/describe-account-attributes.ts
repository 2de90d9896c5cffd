import type { Ec2Operation } from '../deps.ts'

export const describeAccountAttributes: Ec2Operation<'DescribeAccountAttributes'> = {
  accepts: { AttributeNames: true },
  async handle(input, { scope }, { network }) {
    const all: Readonly<Record<string, string>> = {
      'supported-platforms': 'VPC',
      'default-vpc': (await network.ensureDefaultVpc(scope)) ?? 'none',
    }
    const names = input.AttributeNames ?? []
    return {
      AccountAttributes: Object.entries(all)
        .filter(([name]) => names.length === 0 || names.some((each) => each === name))
        .map(([AttributeName, AttributeValue]) => ({
          AttributeName,
          AttributeValues: [{ AttributeValue }],
        })),
    }
  },
}
