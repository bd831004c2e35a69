// What is thrown may be anything; a runtime error is an error like any other.
// args: --iterations 5
// compare: exit, console, counts(iterations)
export default function () {
  try {
    switch (__ITER) {
      case 0:
        throw 'a string';
      case 1:
        throw { an: 'object' };
      case 2:
        return null.property;
      case 3:
        return undefinedName;
      default:
        throw new RangeError('of range');
    }
  } catch (error) {
    console.log(__ITER, error instanceof Error, error instanceof TypeError, error instanceof ReferenceError);
    console.log(__ITER === 4 ? `${error}` : typeof error);
  }
}
