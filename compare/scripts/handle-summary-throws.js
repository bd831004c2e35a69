// An exception in handleSummary is logged; the summary is shown as it is, and the test passes.
// compare: exit, console, errors
export default function () {}

export function handleSummary() {
  console.log('about to throw');
  throw new Error('boom');
}
