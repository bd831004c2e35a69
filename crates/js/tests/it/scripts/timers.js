// iterations: 2
import timers, { setTimeout as fromModule } from 'k6/timers';

export default function () {
  const order = [];
  const say = (what) => order.push(what);
  say(`same ${fromModule === setTimeout && timers.setInterval === setInterval}`);
  setTimeout(say, 0, 'timeout 0');
  setImmediate(() => say('immediate'));
  Promise.resolve().then(() => say('microtask'));
  queueMicrotask(() => say('queued microtask'));
  let ticks = 0;
  const id = setInterval(() => {
    say(`tick ${++ticks}`);
    if (ticks < 3) return;
    clearInterval(id);
    // The others are due by now, however busy the machine is.
    setTimeout(() => {
      say('timeout 20');
      console.log(order.join(' | '));
    }, 20);
  }, 3);
  const never = setTimeout(() => say('never'), 1);
  clearTimeout(never);
  clearTimeout();
  clearTimeout('nonsense');
  try {
    setTimeout('code', 1);
  } catch (error) {
    say(String(error));
  }
  say('end of default');
}
