// A rejection that is handled before the job queue is empty is nobody's business.
// compare: exit, console, errors, counts(iterations)
export default function () {
  const rejected = Promise.reject(new Error('handled'));
  Promise.resolve()
    .then(() => {})
    .then(() => rejected.catch((error) => console.log(error.message)));
}
