// What scripts log goes elsewhere.
// args: --console-output logged.txt
// compare: exit, console
export default function () {
  console.log('elsewhere');
}
