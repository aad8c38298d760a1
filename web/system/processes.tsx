import type { ReactNode } from 'react';
import type { SystemAnswer } from '../../src/http/api/system.ts';
import { useFormat, useText } from '../text/text-provider.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { Section } from '../ui/section.tsx';

/** What each of our processes takes. */
export function Processes({ processes }: Pick<SystemAnswer, 'processes'>): ReactNode {
  const text = useText('system').processes;
  const { measuring } = useText('system');
  const format = useFormat();
  return (
    <Section title={text.title} description={text.hint}>
      {processes === null ? (
        <p className="text-muted">{text.notTold}</p>
      ) : (
        <DataTable
          label={text.title}
          rows={processes}
          keyOf={({ pid }) => pid}
          columns={[
            {
              heading: text.process,
              cell: ({ role, name }) => (role === 'other' ? name : text.roles[role]),
            },
            { heading: text.pid, isNumber: true, isMinor: true, cell: ({ pid }) => String(pid) },
            {
              heading: text.cpu,
              isNumber: true,
              cell: ({ cpu }) => (cpu === null ? measuring : format.percent(cpu, 1)),
            },
            {
              heading: text.memory,
              isNumber: true,
              cell: ({ memoryBytes }) => format.bytes(memoryBytes),
            },
          ]}
        />
      )}
    </Section>
  );
}
