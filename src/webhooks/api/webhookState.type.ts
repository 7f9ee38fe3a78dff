import { registerEnumType } from 'type-graphql';

export enum WebhookTopic {
  INCIDENT = 'INCIDENT',
  BOUNDARY = 'BOUNDARY',
  OWNERSHIP = 'OWNERSHIP',
}
registerEnumType(WebhookTopic, {
  name: 'WebhookTopic',
  description: 'What the events of a webhook are about.',
  valuesConfig: {
    INCIDENT: { description: 'Incidents that come to the area, go on there and leave it.' },
    BOUNDARY: { description: 'Editions that change the grids of the area, or will.' },
    OWNERSHIP: { description: 'Editions that change who answers in the area, or will.' },
  },
});

export enum WebhookStatus {
  ACTIVE = 'ACTIVE',
  PAUSED = 'PAUSED',
  DISABLED = 'DISABLED',
}
registerEnumType(WebhookStatus, {
  name: 'WebhookStatus',
  description: 'Whether a webhook is sent to.',
  valuesConfig: {
    ACTIVE: { description: 'It is.' },
    PAUSED: { description: 'Not now, on our side: `reason` says why. Resumed, it goes on where it stopped.' },
    DISABLED: { description: 'Not until somebody has looked at the receiver and resumed it; or never again: REMOVED.' },
  },
});

export enum WebhookStopReason {
  ASKED = 'ASKED',
  NO_KEY = 'NO_KEY',
  CURSOR_EXPIRED = 'CURSOR_EXPIRED',
  GONE = 'GONE',
  FAILING = 'FAILING',
  REMOVED = 'REMOVED',
}
registerEnumType(WebhookStopReason, {
  name: 'WebhookStopReason',
  description: 'Why nothing is sent to a webhook.',
  valuesConfig: {
    ASKED: { description: 'Somebody paused it.' },
    NO_KEY: {
      description: 'Its integrator has no live key, or not the right to follow the area. Issue a key, then resume.',
    },
    CURSOR_EXPIRED: {
      description:
        'The log no longer holds what is next: it stood still for too long. Let the receiver read anew, then resume with `skip: true`.',
    },
    GONE: { description: 'The receiver answered 410: it does not want this any more.' },
    FAILING: { description: 'The receiver took nothing for days. Mend it, test it, resume.' },
    REMOVED: { description: 'Somebody removed it, for ever.' },
  },
});

export enum WebhookDeliveryOutcome {
  DELIVERED = 'DELIVERED',
  FAILED = 'FAILED',
  PARKED = 'PARKED',
  PING = 'PING',
}
registerEnumType(WebhookDeliveryOutcome, {
  name: 'WebhookDeliveryOutcome',
  description: 'What became of one attempt.',
  valuesConfig: {
    DELIVERED: { description: 'The receiver took the event: it answered 2xx in time.' },
    FAILED: { description: 'It did not; the event is tried again.' },
    PARKED: { description: 'It did not, and that was the last attempt: the event is parked.' },
    PING: { description: 'A test; `error` says whether it was taken.' },
  },
});

export enum ParkedEventState {
  PARKED = 'PARKED',
  REPLAYING = 'REPLAYING',
  DELIVERED = 'DELIVERED',
}
registerEnumType(ParkedEventState, {
  name: 'ParkedEventState',
  description: 'What becomes of an event that was given up.',
  valuesConfig: {
    PARKED: { description: 'It waits until somebody replays it.' },
    REPLAYING: { description: 'Somebody asked for it: it is tried again. PARKED again where all attempts fail.' },
    DELIVERED: { description: 'It was replayed, and taken.' },
  },
});
