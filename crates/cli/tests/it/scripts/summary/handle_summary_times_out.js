// run: --quiet
export const options = { handleSummaryTimeout: '100ms' };

export default function () {}

export function handleSummary() {
  while (true);
}
