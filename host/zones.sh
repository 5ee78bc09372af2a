# What firewalld holds, asked of the daemon itself.

# ZONES_PYTHON: each scope's zones as `firewall-cmd --list-all-zones` prints them, to zones-SCOPE in a folder. Both that
# program and the daemon take several times as long for it: one loads all that it can do, the other is asked a dozen
# questions a zone, here one. getZoneSettings2 and getSettings2 of firewalld.dbus(5) are there since 0.9.
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
KEYS = "target services ports icmp_blocks masquerade forward_ports interfaces sources rules_str protocols source_ports icmp_block_inversion".split()
def settings(asked, before):
    # The older call, of a daemon that knows this one too, tells of a list that is empty now as it was once loaded.
    try:
        return ask(*asked)
    except dbus.DBusException as error:
        if error.get_dbus_name() != "org.freedesktop.DBus.Error.UnknownMethod":
            raise
        return dict(zip(KEYS, ask(*before)[4:16]))
def runtime():
    for zone in ask(ROOT, NAME + ".zone", "getZones"):
        yield zone, settings((ROOT, NAME + ".zone", "getZoneSettings2", zone), (ROOT, NAME, "getZoneSettings", zone))
def permanent():
    own = NAME + ".config.zone"
    for path in ask(ROOT + "/config", NAME + ".config", "listZones"):
        name = ask(path, "org.freedesktop.DBus.Properties", "Get", own, "name")
        yield name, settings((path, own, "getSettings2"), (path, own, "getSettings"))
def words(of):
    return " ".join(of)
def ports(of):
    return words("%s/%s" % (port[0], port[1]) for port in of)
def lines(of):
    return "".join("\n\t" + line for line in of)
def text(zone, told):
    def of(key):
        return told.get(key, [])
    return "\n".join([
        zone + (" (active)" if of("interfaces") or of("sources") else ""),
        "  target: " + told.get("target", "default"),
        "  icmp-block-inversion: " + ("yes" if of("icmp_block_inversion") else "no"),
        "  interfaces: " + words(sorted(of("interfaces"))),
        "  sources: " + words(of("sources")),
        "  services: " + words(sorted(of("services"))),
        "  ports: " + ports(of("ports")),
        "  protocols: " + words(sorted(of("protocols"))),
        "  masquerade: " + ("yes" if of("masquerade") else "no"),
        "  forward-ports: " + lines("port=%s:proto=%s:toport=%s:toaddr=%s" % tuple(each) for each in of("forward_ports")),
        "  source-ports: " + ports(of("source_ports")),
        "  icmp-blocks: " + words(of("icmp_blocks")),
        "  rich rules: " + lines(of("rules_str")),
    ]) + "\n"
for scope in sys.argv[2:]:
    zones = dict({"runtime": runtime, "permanent": permanent}[scope]())
    with open(os.path.join(sys.argv[1], "zones-" + scope), "w") as file:
        file.write("\n".join(text(zone, zones[zone]) for zone in sorted(zones)))
'

# ask_zones SCOPE...: to $WORK/zones-SCOPE. Fails where that cannot be had in this way; with 124 where the daemon hangs.
ask_zones() {
	# Whatever firewall-cmd is run by has what it takes to speak to the daemon.
	az_python=$(sed -n '1s/^#! *//p' "$(command -v firewall-cmd)" 2>/dev/null)
	case $az_python in */python* | */platform-python*) ;; *) return 1 ;; esac
	# From a folder in which nobody else puts modules.
	# shellcheck disable=SC2086 # a path and its options, as the first line of firewall-cmd has them
	(cd / && timeout 60 $az_python -c "$ZONES_PYTHON" "$WORK" "$@") </dev/null >/dev/null 2>"$WORK/look-$1" || return
	for az_scope in "$@"; do
		grep -q '^[^ \t]' "$WORK/zones-$az_scope" || return 1
	done
}
