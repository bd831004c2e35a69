const name = 'é';
export default function () {
  const é = name +;
}
