// iterations: 1
function deeper() {
  return deeper() + 1;
}

export default function () {
  try {
    deeper();
  } catch (error) {
    console.log(error.name);
  }
  console.log(JSON.stringify([3, 1, 2].sort()), /a+/.test('aaa'));
  const nested = () => [1].map(nested);
  try {
    nested();
  } catch (error) {
    console.log(error.name);
  }
}
