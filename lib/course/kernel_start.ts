/** Loaded into every kernel before its first cell, by JupyterLab and by the headless runner. */
import { trimStacks } from "./cell_stack.ts";
import { installStopButton } from "./stop_button.ts";

trimStacks();
installStopButton({ endWithParent: true });
