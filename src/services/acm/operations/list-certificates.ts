import type { AcmOperation } from '../deps.ts'
import { usersOf } from '../find.ts'
import { statusOf, summaryView } from '../views.ts'

export const listCertificates: AcmOperation<'ListCertificates'> = {
  accepts: {
    CertificateStatuses: true,
    MaxItems: true,
    NextToken: true,
  },
  async handle(input, { scope }, deps) {
    const now = deps.clock.now()
    const { CertificateStatuses: statuses = [], MaxItems = 1000, NextToken = '' } = input
    const wanted = (await deps.certificates.list(scope)).filter(
      (one) =>
        one.certificateId > NextToken &&
        (statuses.length === 0 || statuses.includes(statusOf(one, now))),
    )
    const page = wanted.slice(0, MaxItems)
    const views = page.map(async (certificate) => {
      const users = await usersOf(deps, scope, certificate.certificateId)
      return summaryView(scope, certificate, { now, users })
    })
    const last = page.at(-1)
    return {
      CertificateSummaryList: await Promise.all(views),
      ...(last !== undefined && page.length < wanted.length
        ? { NextToken: last.certificateId }
        : {}),
    }
  },
}
