// What the page does: shows the hosts of its data, of which a search and a filter leave some. Whatever a host or a file
// says is put in as text.
const { words, hosts } = JSON.parse(document.getElementById("data").textContent);
const search = document.getElementById("search");
const onlyWrong = document.getElementById("wrong");
const rows = document.getElementById("rows");

/** 203.0.113.9 or 203.0.113.0/28 as first and last number; undefined where it is neither. */
function range(text) {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text.trim());
  if (found === null) return undefined;
  const base = found.slice(1, 5).reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(found[5] ?? 32));
  return { first: base, last: base + size - 1 };
}

/** Of a host's sources those that a search means: by address, whatever network it is in, or by its owner's name. */
function matching(host, query) {
  const wanted = range(query);
  return host.whitelist.filter(({ source, owner }) => {
    if (wanted === undefined) return `${source} ${owner}`.toLowerCase().includes(query.toLowerCase());
    const { first, last } = range(source) ?? { first: -1, last: -1 };
    return first <= wanted.last && wanted.first <= last;
  });
}

function isShown(host, query) {
  if (onlyWrong.checked && host.state === "equal") return false;
  if (query === "" || matching(host, query).length > 0) return true;
  const texts = [host.stack, host.host, host.address, host.customer, ...host.findings];
  return range(query) === undefined && texts.some((text) => text.toLowerCase().includes(query.toLowerCase()));
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

function sourceList(host, query) {
  const found = query === "" ? [] : matching(host, query);
  const details = element("details");
  details.open = found.length > 0;
  details.append(element("summary", words.sources.replace("{n}", String(host.whitelist.length))));
  const list = element("ul");
  for (const entry of host.whitelist) {
    const item = element("li");
    const text = [
      entry.source,
      entry.owner,
      entry.lastSeen === null ? "" : words.seen.replace("{t}", entry.lastSeen),
    ];
    item.append(
      element(found.includes(entry) ? "mark" : "span", text.filter((part) => part !== "").join("  ")),
    );
    list.append(item);
  }
  details.append(list);
  return details;
}

function row(host, query) {
  const made = element("tr");
  const findings = element("td");
  const list = element("ul");
  host.findings.forEach((text) => list.append(element("li", text)));
  if (host.findings.length > 0) findings.append(list);
  const sources = element("td");
  if (host.whitelist.length > 0) sources.append(sourceList(host, query));
  made.append(
    element("td", [host.stack, host.customer].filter((text) => text !== "").join("\n")),
    element("td", `${host.host} ${host.address}`),
    element("td", words.states[host.state], host.state),
    findings,
    sources,
  );
  return made;
}

function show() {
  const query = search.value.trim();
  const shown = hosts.filter((host) => isShown(host, query));
  rows.replaceChildren(...shown.map((host) => row(host, query)));
  document.getElementById("count").textContent = `${String(shown.length)} / ${String(hosts.length)}`;
  history.replaceState(
    null,
    "",
    `#${new URLSearchParams({ q: query, ...(onlyWrong.checked ? { wrong: "1" } : {}) })}`,
  );
}

const asked = new URLSearchParams(location.hash.slice(1));
search.value = asked.get("q") ?? "";
onlyWrong.checked = asked.get("wrong") === "1";
search.addEventListener("input", show);
onlyWrong.addEventListener("change", show);
show();
