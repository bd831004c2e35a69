// A flag that may stand alone or have a value.
// command: archive -O packed.tar
// args: --http-debug=full --no-setup=false -s 10s:5 -s 1m:0
// then: inspect packed.tar
// compare: exit, json
export default function () {}
