console.log('in init code', typeof navigator);

export default function () {
  console.log(navigator.userAgent, navigator.language, navigator.languages.join(), navigator.onLine);
  console.log(navigator.hardwareConcurrency >= 1, Object.isFrozen(navigator.languages));
  console.log(navigator instanceof Navigator, String(navigator), navigator.product, navigator.platform);
  const { userAgent, onLine, ...others } = Object.getOwnPropertyDescriptors(Navigator.prototype);
  console.log(userAgent.enumerable, userAgent.set, Object.keys(others).join());
  for (const wrong of [() => new Navigator(), () => onLine.get.call({}), () => Navigator.prototype.language]) {
    try { console.log('no error', wrong()); } catch (error) { console.log(error instanceof TypeError); }
  }
}
