/** The folder that holds `src`, `grammar` and `test` as JavaScript; it lies in `node_modules`, so that libraries resolve. */
export function compile(): string;
