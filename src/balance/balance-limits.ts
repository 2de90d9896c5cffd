/** AWS's default limits of one account in a region. */
export const balancersMax = 50
export const targetGroupsMax = 3000
