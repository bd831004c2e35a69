// What handleSummary returns must be strings and buffers.
// compare: exit, console, errors
export default function () {}

export function handleSummary() {
  return { stdout: { not: 'a string' } };
}
