// A metric's name is checked when the script loads.
// compare: exit, counts(iterations)
import { Counter } from 'k6/metrics';

new Counter('no spaces, please');

export default function () {}
