// run: --summary-mode disabled --quiet
export default function () {
  console.warn('said');
}
