import { createRoot } from "react-dom/client";
import { App } from "./App";
import { onLanguage, startPreferences } from "./browser/preferences";
import "./styles/base.css";

const element = document.getElementById("root");
if (element === null) throw new Error("The page has no root.");
const root = createRoot(element);

const draw = (): void => root.render(<App />);
onLanguage(draw);
await startPreferences();
draw();
