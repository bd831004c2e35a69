// handleSummary must return a map.
// compare: exit, console, errors
export default function () {}

export function handleSummary() {
  return ['stdout'];
}
