// What flags say is in the archive.
// command: archive -O packed.tar
// args: -u 3 -d 10s --paused --no-setup --no-teardown --max-redirects 4 --batch 7 --batch-per-host 2 --rps 9
// args: --user-agent me --http-debug --insecure-skip-tls-verify --no-connection-reuse --no-vu-connection-reuse
// args: --min-iteration-duration 1s -w --blacklist-ip 10.0.0.0/8 --blacklist-ip 11.0.0.0/8 --block-hostnames *.a.test,b.test
// args: --summary-trend-stats avg,p(95) --summary-time-unit ms --system-tags url,vu --tag a=b --tag c=d=e
// args: --discard-response-bodies --local-ips 127.0.0.1 --dns ttl=0,select=roundRobin --no-thresholds
// then: inspect packed.tar
// compare: exit, json
export default function () {}
