// `fail()` in `handleSummary`: the summary is shown without it.
// compare: exit, console
import { fail } from 'k6';

export default function () {}

export function handleSummary() {
  fail('no summary');
  return {};
}
