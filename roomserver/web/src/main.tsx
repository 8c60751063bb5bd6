import { createRoot } from "react-dom/client";
import { App } from "./App";
import { t } from "./messages";
import "./styles/base.css";

document.documentElement.lang = t.locale;
document.documentElement.dir = t.direction;

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no root.");
createRoot(root).render(<App />);
