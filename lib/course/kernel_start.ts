/** Loaded into every kernel before its first cell, by JupyterLab and by the headless runner. */
import { installStopButton } from "./stop_button.ts";

installStopButton();
