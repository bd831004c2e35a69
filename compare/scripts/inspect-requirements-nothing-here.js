// A test of which a segment has no VU is over when its first scenario would begin.
// command: inspect --execution-requirements
// compare: exit, json
export const options = {
  executionSegment: '1/3:2/3',
  scenarios: {
    later: { executor: 'constant-vus', vus: 1, duration: '2s', startTime: '9s' },
    first: { executor: 'per-vu-iterations', vus: 1, startTime: '3s' },
  },
};

export default function () {}
