# What firewalld holds, asked of the daemon itself.

# ZONES_PYTHON: each scope's zones as `firewall-cmd --list-all-zones` prints them, to zones-SCOPE in a folder. Both that
# program and the daemon take several times as long for it: one loads all that it can do, the other is asked a dozen
# questions a zone, here one. getZoneSettings and getSettings of firewalld.dbus(5) are the same from 0.6.3 to 2.3.
ZONES_PYTHON='
import os, sys
import dbus
NAME, ROOT = "org.fedoraproject.FirewallD1", "/org/fedoraproject/FirewallD1"
bus = dbus.SystemBus()
# To ask for a daemon that is not there would start it.
if not bus.name_has_owner(NAME):
    sys.exit(1)
def ask(path, interface, method, *words):
    return bus.get_object(NAME, path, introspect=False).get_dbus_method(method, interface)(*words, timeout=90)
def runtime():
    return [(zone, ask(ROOT, NAME, "getZoneSettings", zone)) for zone in ask(ROOT, NAME + ".zone", "getZones")]
def permanent():
    own = NAME + ".config.zone"
    for path in ask(ROOT + "/config", NAME + ".config", "listZones"):
        yield ask(path, "org.freedesktop.DBus.Properties", "Get", own, "name"), ask(path, own, "getSettings")
def words(of):
    return " ".join(of)
def ports(of):
    return words("%s/%s" % (port[0], port[1]) for port in of)
def lines(of):
    return "".join("\n\t" + line for line in of)
def text(zone, settings):
    target, services, open_ports, blocks, masquerade, forwards, interfaces, sources, rules, protocols, source_ports, inversion = settings[4:16]
    return "\n".join([
        zone + (" (active)" if interfaces or sources else ""),
        "  target: " + target,
        "  icmp-block-inversion: " + ("yes" if inversion else "no"),
        "  interfaces: " + words(sorted(interfaces)),
        "  sources: " + words(sources),
        "  services: " + words(sorted(services)),
        "  ports: " + ports(open_ports),
        "  protocols: " + words(sorted(protocols)),
        "  masquerade: " + ("yes" if masquerade else "no"),
        "  forward-ports: " + lines("port=%s:proto=%s:toport=%s:toaddr=%s" % tuple(each) for each in forwards),
        "  source-ports: " + ports(source_ports),
        "  icmp-blocks: " + words(blocks),
        "  rich rules: " + lines(rules),
    ]) + "\n"
for scope in sys.argv[2:]:
    zones = sorted({"runtime": runtime, "permanent": permanent}[scope]())
    with open(os.path.join(sys.argv[1], "zones-" + scope), "w") as file:
        file.write("\n".join(text(zone, settings) for zone, settings in zones))
'

# ask_zones SCOPE...: to $WORK/zones-SCOPE. Fails where that cannot be had in this way; with 124 where the daemon hangs.
ask_zones() {
	# Whatever firewall-cmd is run by has what it takes to speak to the daemon.
	az_python=$(sed -n '1s/^#! *//p' "$(command -v firewall-cmd)" 2>/dev/null)
	case $az_python in */python* | */platform-python*) ;; *) return 1 ;; esac
	# With its options; and from a folder in which nobody else puts modules.
	# shellcheck disable=SC2086
	(cd / && timeout 60 $az_python -c "$ZONES_PYTHON" "$WORK" "$@") </dev/null >/dev/null 2>"$WORK/look-$1" || return
	for az_scope in "$@"; do
		grep -q '^[^ \t]' "$WORK/zones-$az_scope" || return 1
	done
}
