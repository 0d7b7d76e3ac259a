/** How long certificates are good for. No DOM. */

/** From how many days on a certificate is told of. */
const soon = 30;

export const endsSoon = (daysLeft: number | null | undefined): daysLeft is number =>
  daysLeft !== undefined && daysLeft !== null && daysLeft < soon;
