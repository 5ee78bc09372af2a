import type { Host } from "./lab";

/** Who answered for an address, as everybody on the wire sees it. */
export interface Claims {
  /** How many machines answered at any time. */
  readonly machines: number;
  /** The longest time for which two did, in seconds. */
  readonly bothSeconds: number;
  /** How long ago two did for the last time when the look ended, in seconds; null where they never did. */
  readonly sinceBothSeconds: number | null;
}

// Asks by ARP twenty times a second. Somebody claims the address until a fifth of a second after his last answer.
const ASK = `
import json, socket, struct, sys, time
address, seconds, own = socket.inet_aton(sys.argv[1]), float(sys.argv[2]), socket.inet_aton(sys.argv[3])
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806))
wire.bind(("eth0", 0))
wire.settimeout(0.01)
mac = wire.getsockname()[4]
question = b"\\xff" * 6 + mac + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + mac + own + b"\\0" * 6 + address
began = now = time.time()
asked, last, both_since, both, both_last, seen = 0, {}, None, 0.0, None, set()
while now - began < seconds:
    if now - asked > 0.05:
        wire.send(question)
        asked = now
    try:
        frame = wire.recv(1500)
        if frame[20:22] == b"\\0\\2" and frame[28:32] == address:
            last[frame[22:28]] = time.time()
            seen.add(frame[22:28])
    except socket.timeout:
        pass
    now = time.time()
    if sum(1 for when in last.values() if now - when < 0.2) > 1:
        both_since = both_since or now
        both, both_last = max(both, now - both_since), now
    else:
        both_since = None
print(json.dumps({"machines": len(seen), "bothSeconds": round(both, 2), "sinceBothSeconds": None if both_last is None else round(now - both_last, 2)}))
`;

/** Watches from a machine on the same wire who answers for an address. */
export async function claims(from: Host, own: string, address: string, seconds: number): Promise<Claims> {
  await from.write("/run/claims.py", ASK);
  const stdout = await from.mustExec(`python3 /run/claims.py ${address} ${String(seconds)} ${own}`, {
    timeoutMs: (seconds + 20) * 1000,
  });
  return JSON.parse(stdout) as Claims;
}

// Version 2, with a password of eight letters, ten times a second: what keepalived believes of its peer.
const SEND = `
import socket, struct, sys, time
address, router, priority, password, peers, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5].split(","), float(sys.argv[6])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
raw.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
raw.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
def advert(check):
    return struct.pack("!BBBBBBH", 0x21, router, priority, 1, 1, 1, check) + socket.inet_aton(address) + password.encode()
words = struct.unpack("!10H", advert(0))
check = sum(words)
while check >> 16: check = (check & 0xffff) + (check >> 16)
end = time.time() + seconds
while time.time() < end:
    for peer in peers: raw.sendto(advert(~check & 0xffff), (peer, 0))
    time.sleep(0.1)
`;

/** Has a machine call itself the master, in VRRP and in nothing else, for so many seconds. */
export async function usurp(
  from: Host,
  what: { address: string; router: number; priority: number; password: string; peers: readonly string[] },
  seconds: number,
): Promise<void> {
  await from.write("/run/usurp.py", SEND);
  const { address, router, priority, password, peers } = what;
  await from.mustExec(
    `python3 /run/usurp.py ${address} ${String(router)} ${String(priority)} ${password} ${peers.join(",")} ${String(seconds)}`,
    { timeoutMs: (seconds + 20) * 1000 },
  );
}
