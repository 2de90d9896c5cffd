/** One line of GetMetricData or of a metric-math alarm: a statistic of a series, or an expression over other lines. */
export interface MetricQuery {
  readonly id: string
  readonly label?: string | undefined
  readonly returnsData: boolean
  readonly stat?: MetricStat | undefined
  readonly expression?: string | undefined
  /** Of an expression. */
  readonly periodSeconds?: number | undefined
}

export interface MetricStat {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly periodSeconds: number
  readonly statistic: string
  readonly unit?: string | undefined
}
