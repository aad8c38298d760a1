import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => ReactNode;
  /** Of a number, which stands at the right. */
  readonly isNumber?: boolean;
  /** Left out on a phone. */
  readonly isMinor?: boolean;
}

interface DataTableProps<Row> {
  readonly label: string;
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}

/** Rows of the same kind, told in columns. */
export function DataTable<Row>({ label, columns, rows, keyOf }: DataTableProps<Row>): ReactNode {
  const look = ({ isNumber, isMinor }: Column<Row>) =>
    classNames(
      'px-3 py-2 first:pl-4 last:pr-4',
      isNumber === true ? 'text-right tabular-nums whitespace-nowrap' : 'text-left',
      isMinor === true && 'hidden sm:table-cell',
    );
  return (
    <div className="overflow-x-auto rounded-lg border border-line bg-surface">
      <table aria-label={label} className="w-full border-collapse">
        <thead>
          <tr className="text-note text-muted">
            {columns.map((column) => (
              <th key={column.heading} scope="col" className={classNames(look(column), 'font-medium')}>
                {column.heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, i) =>
                i === 0 ? (
                  <th key={column.heading} scope="row" className={classNames(look(column), 'font-medium')}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.heading} className={look(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
