/** The ids of the buttons in our messages; what a click carries as `actionId`. */
export const actions = {
  ticketAcknowledge: 'ticket:acknowledge',
  ticketRepaired: 'ticket:repaired',
  pageAcknowledge: 'page:acknowledge',
  ticketAssign: 'ticket:assign',
  ticketSnooze: 'ticket:snooze',
  ticketWake: 'ticket:wake',
  ticketResolve: 'ticket:resolve',
  ticketReopen: 'ticket:reopen',
  ticketTakeUp: 'ticket:take-up',
  ticketOutage: 'ticket:outage',
  outageEnd: 'outage:end',
  deliveryRetry: 'delivery:retry',
  mailLook: 'mail:look',
  mailReadmit: 'mail:readmit',
  thresholdAdd: 'threshold:add',
  thresholdChange: 'threshold:change',
  thresholdUndo: 'threshold:undo',
  ticketRedistribute: 'ticket:redistribute',
  recoveryRedistribute: 'recovery:redistribute',
  redistributionApprove: 'redistribution:approve',
  redistributionReject: 'redistribution:reject',
} as const;

export type ActionId = (typeof actions)[keyof typeof actions];
