/**
 * A line of shell that runs commands of nftables on a host, where `nft` itself is not installed: by the binding that
 * firewalld uses. It prints what they print, and fails where they do. No single quotes.
 */
export const nft = (commands: string): string =>
  `python3 -c 'import nftables, sys; code, out, error = nftables.Nftables().cmd(sys.argv[1]); print(out); sys.exit(code and error)' '${commands}'`;
