/** The ids of the buttons in our messages; what a click carries as `actionId`. */
export const actions = {
  ticketAcknowledge: 'ticket:acknowledge',
  ticketRepaired: 'ticket:repaired',
  redistributionApprove: 'redistribution:approve',
  redistributionReject: 'redistribution:reject',
} as const;

export type ActionId = (typeof actions)[keyof typeof actions];
