/** A table preview ready to be drawn: formatted, aligned, bounded. */

import { isRecord, list, record, text } from './values';
import { oneLine } from './visible';

export interface Cell {
  readonly shown: string;
  /** The whole value, where rounding or cutting changed it. */
  readonly exact: string;
  readonly missing: boolean;
}

export interface Column {
  readonly name: string;
  readonly numeric: boolean;
}

export interface TableView {
  readonly columns: readonly Column[];
  /** The rows that the trace kept, each as long as `columns`. */
  readonly rows: readonly (readonly Cell[])[];
  readonly totalRows: number;
  readonly totalColumns: number;
}

const MOST_COLUMNS = 60;
const LONGEST_CELL = 120;
const LONGEST_TITLE = 1000;
// Numbers that name something are not amounts: no separators between thousands.
const NAMING = /(^|_)(id|year|zip|zipcode|postcode|code|phone|key|no|nr|number|sku|isbn)$/i;
// What JSON cannot hold as a number is kept as its text.
const NUMBER_AS_TEXT = /^-?(Infinity|inf|\d{16,})$/;

/** Reads `{"columns", "rows", "total_rows"}`; null if the value is none. */
export function tableView(value: unknown): TableView | null {
  if (!isRecord(value) || !Array.isArray(value.columns)) return null;
  const names = value.columns.map(nameOf);
  const shown = names.slice(0, MOST_COLUMNS);
  const given = list(value.rows).filter(row => Array.isArray(row));
  const drawn = shown.map((name, i) =>
    column(
      name,
      given.map(row => row[i] ?? null)
    )
  );
  const total = value.total_rows;
  return {
    columns: drawn.map(([head]) => head),
    rows: given.map((_, i) => drawn.map(([, cells]) => cells[i] as Cell)),
    totalRows: Number.isInteger(total) ? (total as number) : given.length,
    totalColumns: names.length
  };
}

function nameOf(value: unknown): string {
  const name = isRecord(value) ? text(record(value).name) : value === null ? 'None' : text(value);
  return oneLine(name, LONGEST_CELL);
}

function column(name: string, values: readonly unknown[]): [Column, Cell[]] {
  const present = values.filter(value => value !== null);
  const numbers = present.filter(value => typeof value === 'number');
  const asText = present.filter(value => typeof value === 'string' && NUMBER_AS_TEXT.test(value));
  const numeric = present.length > 0 && numbers.length + asText.length === present.length;
  const format = numeric ? numberFormat(name, numbers) : null;
  return [{ name, numeric }, values.map(value => cell(value, format))];
}

function cell(value: unknown, format: ((value: number) => string) | null): Cell {
  if (value === null) return { shown: 'null', exact: '', missing: true };
  if (format && typeof value === 'number') {
    const shown = format(value);
    const exact = Number(shown.replaceAll(',', '')) === value ? '' : String(value);
    return { shown, exact, missing: false };
  }
  const whole = typeof value === 'object' ? JSON.stringify(value) : text(value);
  const exact = whole.length > LONGEST_CELL ? whole.slice(0, LONGEST_TITLE) : '';
  return { shown: oneLine(whole, LONGEST_CELL), exact, missing: false };
}

/** One format for a whole column, so that the digits stand below each other. */
function numberFormat(name: string, numbers: readonly number[]): (value: number) => string {
  // A whole number of a float column has decimals like its neighbours: JSON does not tell the two apart.
  const decimals = numbers.some(value => !Number.isInteger(value)) ? decimalsOf(numbers) : 0;
  const large = numbers.some(value => Math.abs(value) >= 10_000);
  const plain = numbers.every(value => value === 0 || (Math.abs(value) >= 1e-5 && Math.abs(value) < 1e15));
  if (!plain) return value => String(Number(value.toPrecision(4)));
  const useGrouping = large && !NAMING.test(name.trim());
  const style = { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping };
  const formatter = new Intl.NumberFormat('en-US', style);
  return value => formatter.format(value);
}

/** As many decimals as the values have, at most about four significant digits of the largest. */
function decimalsOf(numbers: readonly number[]): number {
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const most = largest >= 10 ? 2 : largest >= 1 ? 3 : largest >= 0.1 ? 4 : 6;
  const needed = (value: number) => (value.toFixed(most).split('.')[1] ?? '').replace(/0+$/, '').length;
  return numbers.reduce((longest, value) => Math.max(longest, needed(value)), 0);
}
