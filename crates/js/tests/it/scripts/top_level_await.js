const value = await new Promise((resolve) => setTimeout(() => resolve('awaited'), 5));

export default function () {
  console.log(value);
}
