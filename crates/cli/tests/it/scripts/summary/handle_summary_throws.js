// run: --quiet
export default function () {}

export async function handleSummary(data) {
  await null;
  throw new TypeError(`no ${Object.keys(data).join()}`);
}
