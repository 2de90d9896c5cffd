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
  return { ...maxPriceOf(market.SpotOptions?.MaxPrice), ...(tags && { tags }) }
}

/** A price in dollars an hour, as EC2 reads it. */
function maxPriceOf(text: string | undefined): Pick<SpotTerms, 'maxPrice'> {
  if (text === undefined || text === '') return {}
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) <= 0)
    throw invalidParameterValue(text, 'MaxPrice')
  return { maxPrice: text }
}

/** As templates show it. */
export function marketContent({ maxPrice }: SpotTerms) {
  return {
    MarketType: 'spot' as const,
    ...(maxPrice !== undefined && { SpotOptions: { MaxPrice: maxPrice } }),
  }
}
