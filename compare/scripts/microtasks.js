// Promise jobs run before timers, in the order in which they became ready.
// compare: exit, console
export default async function () {
  console.log('1 sync');
  setTimeout(() => console.log('7 timer'), 0);
  Promise.resolve()
    .then(() => console.log('3 then'))
    .then(() => console.log('5 then of then'));
  (async () => {
    console.log('2 async until await');
    await null;
    console.log('4 after await');
  })();
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log('8 after a timer');
  await Promise.all([1, 2].map((n) => Promise.resolve(n).then((m) => console.log('9', m))));
  const results = await Promise.allSettled([Promise.reject(new Error('no')), Promise.resolve('yes')]);
  console.log(results.map((result) => result.status));
}
