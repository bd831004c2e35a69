// Defining a metric twice is fine with the same type and an error with another.
// compare: exit, counts(iterations)
import { Counter, Trend } from 'k6/metrics';

new Counter('same');
new Counter('same');
new Trend('same');

export default function () {}
