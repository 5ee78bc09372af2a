import type { Form } from "./form";

/** A form as plain text, for a mail: tables as lines whose parts a tab separates. */
export function renderText({ title, facts, tables, notes }: Form): string {
  const parts = [
    title,
    facts.map(([label, value]) => `${label}: ${value}`).join("\n"),
    ...tables.map(({ caption, head, rows }) =>
      [caption, ...[head, ...rows].map((cells) => cells.join("\t"))].join("\n"),
    ),
    notes.map((note, index) => `${String(index + 1)}. ${note}`).join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}
