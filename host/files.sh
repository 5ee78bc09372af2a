# Files of ours on the disk.

# flush FILE...: to the disk, so that a power cut finds them. A sync that takes no files flushes everything.
flush() {
	sync "$@" >/dev/null 2>&1 || sync
}

# keep FILE PLACE: PLACE is the old one or the new one, never half of it.
keep() {
	cp "$1" "$2.new" && mv -f "$2.new" "$2"
}
