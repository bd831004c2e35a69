// interrupt-after-ms: 100
export default function () {
  setInterval(() => {}, 60000);
  setTimeout(() => console.log('never'), 60000);
}
