import type { LaunchTemplateInstanceMarketOptionsRequest } from '@aws-sdk/client-ec2'
import type { SpotTerms } from '../../compute/domain/spot.ts'
import type { Tag } from '../../kernel/tags.ts'
import { is } from '../../wire/accept.ts'
import { invalidCombination, invalidParameterValue, missingParameter } from './errors.ts'

/** What TagSpecifications call a request for spot. */
export const spotResource = 'spot-instances-request' as const

/** Of requests that are fulfilled once, by an instance that ends when it is interrupted. Others are refused by name. */
export const marketMembers = {
  MarketType: true,
  SpotOptions: {
    MaxPrice: true,
    SpotInstanceType: is('one-time'),
    InstanceInterruptionBehavior: is('terminate'),
  },
} as const

/** How a launch is to be bought; undefined: on demand. */
export function spotTermsOf(
  market: LaunchTemplateInstanceMarketOptionsRequest | undefined,
  tags: readonly Tag[] | undefined,
): SpotTerms | undefined {
  if (market === undefined) {
    if (tags === undefined) return undefined
    throw invalidCombination(
      `Tags for ${spotResource} may be given only to instances on the spot market.`,
    )
  }
  if (market.MarketType === undefined) throw missingParameter('InstanceMarketOptions.MarketType')
  if (market.MarketType !== 'spot') throw invalidParameterValue(market.MarketType, 'MarketType')
  const {
    MaxPrice,
    SpotInstanceType: type,
    InstanceInterruptionBehavior,
  } = market.SpotOptions ?? {}
  return {
    ...maxPriceOf(MaxPrice),
    ...(type && { requestType: 'one-time' as const }),
    ...(InstanceInterruptionBehavior && { behavior: 'terminate' as const }),
    ...(tags && { tags }),
  }
}

/** A price in dollars an hour, as EC2 reads it. */
function maxPriceOf(text: string | undefined): Pick<SpotTerms, 'maxPrice'> {
  if (text === undefined || text === '') return {}
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) <= 0)
    throw invalidParameterValue(text, 'MaxPrice')
  return { maxPrice: text }
}

/** As templates show it. */
export function marketContent({ maxPrice, requestType, behavior }: SpotTerms) {
  const options = {
    ...(maxPrice !== undefined && { MaxPrice: maxPrice }),
    ...(requestType && { SpotInstanceType: requestType }),
    ...(behavior && { InstanceInterruptionBehavior: behavior }),
  }
  return {
    MarketType: 'spot' as const,
    ...(Object.keys(options).length > 0 && { SpotOptions: options }),
  }
}
