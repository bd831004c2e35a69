// A method that the metric's type does not have is a configuration error.
// compare: exit, counts(iterations)
import { Counter } from 'k6/metrics';

new Counter('hits');

export const options = { thresholds: { hits: ['p(95)<200'] } };

export default function () {}
