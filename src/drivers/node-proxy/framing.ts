/** How the end of a body is known: a length of 0 or more bytes, by chunks, or by the end of the connection. */
export type Framing = number

export const chunked: Framing = -1
/** Responses only. */
export const untilClose: Framing = -2
